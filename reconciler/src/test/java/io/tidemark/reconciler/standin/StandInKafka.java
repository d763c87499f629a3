package io.tidemark.reconciler.standin;

import io.tidemark.core.freshness.Progress;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.testkit.kafka.NewTopics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What ingest-service and cache-writer tell the world about their progress: records of one topic, offsets of one group. */
final class StandInKafka implements AutoCloseable {
    private final Topics topics;
    private final String tableTopic;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    StandInKafka(String bootstrap, Topics topics, String tableTopic) throws Exception {
        this.topics = topics;
        this.tableTopic = tableTopic;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        NewTopics.make(
                admin,
                new NewTopic(topics.progress(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact")),
                new NewTopic(tableTopic, 1, (short) 1));
    }

    void published(long lsn, long endOffset) throws Exception {
        TreeMap<String, List<Long>> ends = new TreeMap<>(Map.of(tableTopic, List.of(endOffset)));
        Progress progress = new Progress(1, lsn, System.currentTimeMillis() * 1000, ends);
        producer.send(new ProducerRecord<>(topics.progress(), "progress".getBytes(), progress.json()))
                .get();
    }

    void applied(long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        topics.cacheWriterGroup(),
                        Map.of(new TopicPartition(tableTopic, 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
