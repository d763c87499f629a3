package io.tidemark.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** New topics on a real Kafka, of which nothing may be lost that is sent the moment they are said to be there. */
class TopicSetupIT {
    private static final int PARTITIONS = 20;
    private static final int RECORDS_EACH = 30;

    @Test
    void whatIsSentToTopicsThatWereJustMadeArrives() throws Exception {
        String bootstrap = SharedServers.kafka().bootstrap();
        // Every record a batch of its own, as under load; one that is stuck fails within seconds.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        (Object) bootstrap,
                        "batch.size",
                        0,
                        "linger.ms",
                        0,
                        "request.timeout.ms",
                        4_000,
                        "delivery.timeout.ms",
                        5_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int round = 0; round < 5; round++) {
                String prefix = "made" + UUID.randomUUID().toString().substring(0, 8);
                KafkaClients clients = new KafkaClients(new KafkaSettings(bootstrap, prefix, PARTITIONS, 1, Map.of()));
                List<TableId> tables =
                        List.of(new TableId("public", "a"), new TableId("public", "b"), new TableId("public", "c"));
                new TopicSetup(clients).prepare(tables, 1_000);
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < RECORDS_EACH * PARTITIONS; i++) {
                    for (TableId table : tables) {
                        sent.add(producer.send(new ProducerRecord<>(
                                clients.settings().topics().of(table), i % PARTITIONS, new byte[] {1}, new byte[] {1
                                })));
                    }
                }
                for (Future<RecordMetadata> one : sent) {
                    assertThat(one.get().offset()).isBetween(0L, RECORDS_EACH - 1L);
                }
            }
        }
    }
}
