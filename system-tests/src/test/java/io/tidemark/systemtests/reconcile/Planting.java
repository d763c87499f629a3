package io.tidemark.systemtests.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.testkit.redis.RedisConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Breaks entries of items in the ways that the causes name, behind the pipeline's back. */
final class Planting {
    private static final String TOPIC = "tidemark.public.item";

    private final DirectProduct product;
    private final RedisConnection redis;

    Planting(DirectProduct product, RedisConnection redis) {
        this.product = product;
        this.redis = redis;
    }

    void redis(String... command) throws Exception {
        redis.call(command);
    }

    /** As a fence would be that came from elsewhere, or of an older life of the database. */
    void fenceFarAhead(int id, String value) throws Exception {
        String key = "item:" + id;
        String version = new Version(1, Long.MAX_VALUE / 2, 1, 1).text();
        redis.call("FCALL", "tm_put", "2", key, EntryKey.metaOf(key), version, "1", "0", "60000", "", value);
    }

    /** The stream says what the database does not: a record of the row that it never had. */
    void recordThatTheDatabaseNeverHad(int id, int stock) throws Exception {
        ConsumerRecord<byte[], byte[]> newest = newest(id);
        ObjectNode envelope = (ObjectNode) Items.json(new String(newest.value(), UTF_8));
        ((ObjectNode) envelope.get("after")).put("stock", stock);
        ObjectNode source = (ObjectNode) envelope.get("source");
        String[] sequence =
                source.get("sequence").asText().replaceAll("[\\[\\]\" ]", "").split(",");
        String commit = sequence[0].equals("null") ? "null" : "\"" + sequence[0] + "\"";
        source.put("sequence", "[" + commit + ",\"" + (Long.parseLong(sequence[1]) + 1) + "\"]");
        send(new ProducerRecord<>(
                TOPIC, newest.partition(), newest.key(), envelope.toString().getBytes(UTF_8), newest.headers()));
    }

    /** A record that nobody can read. */
    void poison(int id) throws Exception {
        ConsumerRecord<byte[], byte[]> newest = newest(id);
        send(new ProducerRecord<>(TOPIC, newest.partition(), newest.key(), "{no JSON".getBytes(UTF_8)));
    }

    private void send(ProducerRecord<byte[], byte[]> forged) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", product.kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(forged).get(20, TimeUnit.SECONDS);
        }
    }

    private ConsumerRecord<byte[], byte[]> newest(int id) {
        ConsumerRecord<byte[], byte[]> newest = null;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", product.kafkaBootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(one -> new TopicPartition(TOPIC, one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.value() != null && new String(record.key(), UTF_8).contains("\"id\":" + id + "}")) {
                        newest = record;
                    }
                }
            }
        }
        if (newest == null) {
            throw new AssertionError("expected a record of item " + id + " in " + TOPIC + ", found none");
        }
        return newest;
    }
}
