package io.tidemark.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    @TempDir
    Path directory;

    @Test
    void keepsWhatWasAcknowledgedAndWhatWasCommittedOverAKillAndAStop() throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(KafkaSettings.in(directory))) {
            kafka.start();
            createTopic(kafka, "changes");
            send(kafka, "changes", "one".getBytes(StandardCharsets.UTF_8));
            assertThat(receiveAndCommit(kafka, "changes", 1)).containsExactly("one");

            kafka.kill();
            kafka.start();
            send(kafka, "changes", "two".getBytes(StandardCharsets.UTF_8));
            assertThat(receiveAndCommit(kafka, "changes", 1)).containsExactly("two");

            kafka.stop();
            kafka.start();
            send(kafka, "changes", "three".getBytes(StandardCharsets.UTF_8));
            assertThat(receiveAndCommit(kafka, "changes", 1)).containsExactly("three");
        }
    }

    @Test
    void takesLargeRecordsAndMakesNoTopicThatWasNotAskedFor() throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(KafkaSettings.in(directory))) {
            kafka.start();
            createTopic(kafka, "large");
            byte[] value = new byte[50 << 20];
            send(kafka, "large", value);
            assertThat(receiveAndCommit(kafka, "large", 1)).singleElement().satisfies(text -> assertThat(text)
                    .hasSize(value.length));
            try (Admin admin = admin(kafka)) {
                assertThatThrownBy(() -> admin.describeTopics(List.of("absent"))
                                .allTopicNames()
                                .get(10, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            }
        }
    }

    private static void createTopic(EmbeddedKafka kafka, String topic) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", Integer.toString(64 << 20)))))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    private static void send(EmbeddedKafka kafka, String topic, byte[] value) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "acks",
                "all",
                "max.request.size",
                64 << 20,
                "buffer.memory",
                128L << 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> receiveAndCommit(EmbeddedKafka kafka, String topic, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "group.id",
                "readers",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false);
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(new String(record.value(), StandardCharsets.ISO_8859_1));
                }
            }
            consumer.commitSync();
        }
        return values;
    }
}
