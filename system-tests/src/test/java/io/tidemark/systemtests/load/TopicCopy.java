package io.tidemark.systemtests.load;

import io.tidemark.testkit.kafka.NewTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the records of a topic once more, byte for byte, headers included. */
public final class TopicCopy {

    private TopicCopy() {}

    /** Sends every record again to its own partition: a replay. */
    public static void ontoItself(String bootstrap, String topic) throws Exception {
        List<ProducerRecord<byte[], byte[]>> copies = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll(bootstrap, topic)) {
            copies.add(new ProducerRecord<>(topic, record.partition(), record.key(), record.value(), record.headers()));
        }
        send(bootstrap, copies);
    }

    /** Spreads the records over the partitions of a new topic without regard to their keys, the later partitions first. */
    public static void toEveryPartitionInTurn(String bootstrap, String from, String to) throws Exception {
        int partitions = 2;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            NewTopics.make(admin, new NewTopic(to, partitions, (short) 1));
        }
        List<ConsumerRecord<byte[], byte[]>> records = readAll(bootstrap, from);
        List<ProducerRecord<byte[], byte[]>> copies = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            copies.add(new ProducerRecord<>(
                    to,
                    i % partitions,
                    records.get(i).key(),
                    records.get(i).value(),
                    records.get(i).headers()));
        }
        send(bootstrap, copies);
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(String bootstrap, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return Collections.unmodifiableList(records);
    }

    private static void send(String bootstrap, List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record);
            }
            producer.flush();
        }
    }
}
