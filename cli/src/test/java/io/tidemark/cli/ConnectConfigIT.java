package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.failure.ExitCode;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.servers.SharedServers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code tidemark connect-config} where ingest-service ran before, with its epoch on a real Kafka. */
class ConnectConfigIT {
    @TempDir
    private Path folder;

    @Test
    void anotherEpochThanIngestServicesIsRefusedWithWhatToDo() throws Exception {
        PostgresServer postgres = SharedServers.postgres();
        String database = SharedServers.newDatabase();
        try (Connection connection = postgres.connect(database)) {
            connection.createStatement().execute("create table public.products (id int primary key)");
        }
        String bootstrap = SharedServers.kafka().bootstrap();
        String prefix = "connect" + UUID.randomUUID().toString().substring(0, 8);
        Path password = Files.writeString(folder.resolve("password"), postgres.password());
        Path file = Files.writeString(folder.resolve("tidemark.yaml"), """
                tidemark: 1
                source: {url: "postgresql://%s@127.0.0.1:%d/%s", password_file: "%s"}
                kafka: {bootstrap: "%s", prefix: %s}
                caches: {product: {table: public.products, key: "product:{id}"}}
                """.formatted(
                        postgres.user(), postgres.port(), database, password, bootstrap, prefix));
        keep(bootstrap, prefix, 3);

        StringWriter errors = new StringWriter();
        CommandLine command = Tidemark.commandLine().setErr(new PrintWriter(errors));
        String config = file.toString();
        assertThat(command.execute("connect-config", "--config", config, "--epoch", "2"))
                .as(errors.toString())
                .isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("--epoch: expected 3", "found 2", "leave the option out");
        assertThat(command.execute("connect-config", "--config", config, "--epoch", "3"))
                .isEqualTo(ExitCode.GOOD);
        // Whoever asks nobody has to know it.
        assertThat(command.execute("connect-config", "--config", config, "--epoch", "2", "--offline"))
                .isEqualTo(ExitCode.GOOD);
    }

    private static void keep(String bootstrap, String prefix, int epoch) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(prefix + ".tidemark.state", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(prefix + ".tidemark.state", "epoch", "{\"epoch\":" + epoch + "}"))
                    .get();
        }
    }
}
