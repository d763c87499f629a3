package io.tidemark.ingest.kafka;

import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.ingest.epoch.StoredOffset;
import io.tidemark.ingest.epoch.StreamState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** What Kafka remembers of the stream: the epoch's state and Debezium's stored offset. Not thread-safe. */
public final class EpochLog implements AutoCloseable {
    private static final String EPOCH = "epoch";
    private static final Duration POLL = Duration.ofSeconds(2);

    private final KafkaClients clients;
    private final KeyedLog state;
    private final KeyedLog offsets;

    public EpochLog(KafkaClients clients) {
        this.clients = clients;
        this.state = new KeyedLog(clients, clients.settings().topics().state());
        this.offsets = new KeyedLog(clients, clients.settings().topics().offsets());
    }

    /** The state of the epoch that ran. */
    public Optional<StreamState> state() {
        return Optional.ofNullable(state.read().get(EPOCH)).map(StreamState::parse);
    }

    /** How far Debezium has read. */
    public Optional<StoredOffset> offset() {
        return offsets.read().values().stream().findFirst().map(StoredOffset::parse);
    }

    /** Keeps the state; returns when Kafka has it. */
    public void keep(StreamState kept) {
        state.write(EPOCH, kept.json());
    }

    /** Forgets how far Debezium has read; returns when Kafka has taken that in. */
    public void dropOffset() {
        offsets.read().keySet().forEach(key -> offsets.write(key, null));
    }

    /** The highest epoch that the newest records of these topics bear; 0 when they hold none. */
    public int highestEpoch(Collection<String> topics) {
        int highest = 0;
        try (KafkaConsumer<byte[], byte[]> reader = clients.reader()) {
            List<TopicPartition> partitions = new ArrayList<>();
            topics.forEach(topic -> reader.partitionsFor(topic)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
            for (Map.Entry<TopicPartition, Long> end :
                    reader.endOffsets(partitions).entrySet()) {
                if (end.getValue() > 0) {
                    reader.assign(List.of(end.getKey()));
                    reader.seek(end.getKey(), end.getValue() - 1);
                    for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                        highest = Math.max(highest, epochOf(record));
                    }
                }
            }
        }
        return highest;
    }

    @Override
    public void close() {
        state.close();
        offsets.close();
    }

    private static int epochOf(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(ChangeHeaders.EPOCH);
        return header == null ? 1 : Integer.parseInt(new String(header.value(), StandardCharsets.US_ASCII));
    }
}
