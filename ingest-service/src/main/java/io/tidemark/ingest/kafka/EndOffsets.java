package io.tidemark.ingest.kafka;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** The offset after the last acknowledged record of each partition. Thread-safe. */
final class EndOffsets {
    private final Map<String, AtomicLongArray> ends;

    EndOffsets(Map<String, AtomicLongArray> ends) {
        this.ends = Collections.unmodifiableMap(new HashMap<>(ends));
    }

    static EndOffsets read(KafkaClients clients, List<String> topics) {
        Map<String, AtomicLongArray> ends = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> reader = clients.reader()) {
            for (String topic : topics) {
                List<TopicPartition> partitions = new ArrayList<>();
                for (PartitionInfo partition : reader.partitionsFor(topic)) {
                    partitions.add(new TopicPartition(topic, partition.partition()));
                }
                AtomicLongArray offsets = new AtomicLongArray(partitions.size());
                reader.endOffsets(partitions).forEach((partition, end) -> offsets.set(partition.partition(), end));
                ends.put(topic, offsets);
            }
        }
        return new EndOffsets(ends);
    }

    int partitions(String topic) {
        AtomicLongArray offsets = ends.get(topic);
        if (offsets == null) {
            throw new IllegalStateException(
                    "BUG: a change for topic " + topic + ", which no table of the pipeline has");
        }
        return offsets.length();
    }

    void acknowledged(String topic, int partition, long offset) {
        AtomicLongArray offsets = ends.get(topic);
        if (offsets != null && partition < offsets.length()) {
            offsets.accumulateAndGet(partition, offset + 1, Math::max);
        }
    }

    SortedMap<String, List<Long>> copy() {
        SortedMap<String, List<Long>> copy = new TreeMap<>();
        ends.forEach((topic, offsets) -> {
            List<Long> values = new ArrayList<>(offsets.length());
            for (int partition = 0; partition < offsets.length(); partition++) {
                values.add(offsets.get(partition));
            }
            copy.put(topic, values);
        });
        return copy;
    }
}
