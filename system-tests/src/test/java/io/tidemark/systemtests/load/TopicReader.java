package io.tidemark.systemtests.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the products' topic from its beginning to its end, as any consumer could. */
public final class TopicReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TopicReader() {}

    /** Tells the observations every streamed change, and answers how many there were. */
    public static long read(String bootstrap, String topic, Observations seen) throws IOException {
        long records = 0;
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "fetch.max.bytes", 8 << 20);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    records += tell(record, seen);
                }
            }
        }
        return records;
    }

    private static int tell(ConsumerRecord<byte[], byte[]> record, Observations seen) throws IOException {
        if (record.value() == null) {
            return 0;
        }
        JsonNode value = JSON.readTree(record.value());
        JsonNode envelope = value.has("payload") ? value.path("payload") : value;
        JsonNode after = envelope.path("after");
        boolean streamed = List.of("c", "u").contains(envelope.path("op").asText());
        if (!streamed || !after.isObject()) {
            return 0;
        }
        seen.published(
                ShopTransaction.key(after.path("id").asInt()),
                after.path("change_no").asLong());
        return 1;
    }
}
