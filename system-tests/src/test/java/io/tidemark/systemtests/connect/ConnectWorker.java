package io.tidemark.systemtests.connect;

import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.service.Repository;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One worker of a Kafka Connect cluster in distributed mode: Kafka's own main class in a JVM of its own, with the settings of
 * {@code deploy/kafka-connect/worker.properties} and Debezium on its plugin.path only.
 */
final class ConnectWorker {
    private final KeptProcess process;
    private final Path directory;
    private final int port = Ports.anyFree();

    ConnectWorker(String name, Path directory) {
        this.directory = directory.resolve(name);
        this.process = new KeptProcess(name, "TERM", Duration.ofSeconds(30), this.directory.resolve("worker.log"));
    }

    void start(String bootstrap, String databasePassword) throws IOException {
        Files.createDirectories(directory);
        Properties properties = new Properties();
        try (Reader example =
                Files.newBufferedReader(Repository.root().resolve("deploy/kafka-connect/worker.properties"))) {
            properties.load(example);
        }
        properties.setProperty("bootstrap.servers", bootstrap);
        properties.setProperty("listeners", "http://127.0.0.1:" + port);
        properties.setProperty("plugin.path", plugins().toString());
        for (String topic : List.of("config", "offset", "status")) {
            properties.setProperty(topic + ".storage.replication.factor", "1");
        }
        Path file = directory.resolve("worker.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        Path arguments = directory.resolve("java.args");
        Files.writeString(arguments, "-cp \"" + jars(false).collect(Collectors.joining(File.pathSeparator)) + "\"\n");
        process.start(
                List.of(
                        Programs.java().toString(),
                        "@" + arguments,
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "org.apache.kafka.connect.cli.ConnectDistributed",
                        file.toString()),
                Map.of("TIDEMARK_SOURCE_PASSWORD", databasePassword),
                directory);
    }

    /** Where it answers, as it calls itself in the status of a task. */
    String address() {
        return "127.0.0.1:" + port;
    }

    String url() {
        return "http://" + address();
    }

    KeptProcess process() {
        return process;
    }

    private Path plugins() throws IOException {
        Path plugins = directory.resolve("plugins");
        Path debezium = Files.createDirectories(plugins.resolve("debezium-connector-postgres"));
        for (String jar : jars(true).toList()) {
            Path copy = debezium.resolve(Path.of(jar).getFileName());
            if (!Files.exists(copy)) {
                Files.copy(Path.of(jar), copy);
            }
        }
        return plugins;
    }

    private static Stream<String> jars(boolean ofDebezium) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith("debezium-") == ofDebezium);
    }
}
