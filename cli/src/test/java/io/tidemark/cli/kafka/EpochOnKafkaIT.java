package io.tidemark.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.core.pipeline.Secret;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EpochOnKafkaIT {
    private final String bootstrap = SharedServers.kafka().bootstrap();
    private final KafkaSettings settings =
            new KafkaSettings(bootstrap, "epoch" + UUID.randomUUID().toString().substring(0, 8), 1, 1, Map.of());

    @Test
    void itIsTheOneThatWasKeptLast() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(settings.topics().state(), 1, (short) 1)))
                    .all()
                    .get();
        }
        assertThat(EpochOnKafka.of(settings)).isEmpty();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String[] record : new String[][] {
                {"epoch", "{\"epoch\":1}"}, {"other", "{\"epoch\":9}"}, {"epoch", "{\"epoch\":3}"}, {"other", null}
            }) {
                producer.send(new ProducerRecord<>(
                                settings.topics().state(),
                                record[0].getBytes(UTF_8),
                                record[1] == null ? null : record[1].getBytes(UTF_8)))
                        .get();
            }
        }
        assertThat(EpochOnKafka.of(settings)).hasValue(3);
    }

    @Test
    void whereNoIngestServiceRanThereIsNone() throws Exception {
        assertThat(EpochOnKafka.of(settings)).isEmpty();
    }

    @Test
    void aKafkaThatDoesNotAnswerIsSaid() {
        assertThatThrownBy(() -> EpochOnKafka.of(new KafkaSettings(
                        "127.0.0.1:1", "shop", 1, 1, Map.of("default.api.timeout.ms", new Secret("1000")))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Kafka at 127.0.0.1:1 did not say which epoch ingest-service was in");
    }
}
