package io.tidemark.positions.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.positions.kafka.GroupOffsets;
import io.tidemark.positions.kafka.UnreadRecords;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.NewTopics;
import io.tidemark.testkit.servers.SharedServers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand partitions that ten groups consume: what is said is never older than two seconds, and takes little. */
@Tag("long")
class LagLargeIT {
    private static final int PARTITIONS = 1_000;
    private static final int GROUPS = 10;
    private static final int LOOKS = 20;

    private final String name = "large" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void whatIsSaidOfAThousandPartitionsIsAtMostTwoSecondsOld() throws Exception {
        String bootstrap = SharedServers.kafka().bootstrap();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrap));
                GroupOffsets source =
                        new GroupOffsets(new KafkaSettings(bootstrap, name, 1, 1, Map.of()), Clock.systemUTC());
                UnreadRecords unread = new UnreadRecords(new KafkaSettings(bootstrap, name, 1, 1, Map.of()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", (Object) bootstrap, "linger.ms", 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<NewTopic> topics = new ArrayList<>();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (int topic = 0; topic < 10; topic++) {
                topics.add(new NewTopic(name + ".public.t" + topic, PARTITIONS / 10, (short) 1));
                for (int partition = 0; partition < PARTITIONS / 10; partition++) {
                    offsets.put(new TopicPartition(name + ".public.t" + topic, partition), new OffsetAndMetadata(0));
                }
            }
            NewTopics.make(admin, topics);
            for (int group = 0; group < GROUPS; group++) {
                admin.alterConsumerGroupOffsets(name + "." + group, offsets)
                        .all()
                        .get();
            }
            // Every partition has something that nobody has consumed.
            for (TopicPartition place : offsets.keySet()) {
                producer.send(new ProducerRecord<>(place.topic(), place.partition(), null, new byte[100]));
            }
            producer.flush();
            List<LagReport> reports = java.util.Collections.synchronizedList(new ArrayList<>());
            AtomicLong oldest = new AtomicLong();
            try (LagWatch watch =
                    new LagWatch(source, unread, Duration.ofSeconds(60), name, reports::add, Clock.systemUTC())) {
                watch.start();
                Await.until("the first look", Duration.ofSeconds(30))
                        .holds(() -> watch.age().isPresent());
                int begun = reports.size();
                Await.until(LOOKS + " looks", Duration.ofSeconds(90)).holds(() -> {
                    oldest.accumulateAndGet(watch.age().orElseThrow().toMillis(), Math::max);
                    return reports.size() >= begun + LOOKS;
                });
            }
            LagReport last = reports.get(reports.size() - 1);
            assertThat(last.group(name + ".7").orElseThrow().topics().stream()
                            .mapToInt(topic -> topic.partitions().size())
                            .sum())
                    .isEqualTo(PARTITIONS);
            assertThat(last.at()).isBefore(Instant.now());
            long[] took = reports.stream()
                    .skip(1)
                    .flatMapToLong(report -> LongStream.of(report.took().toMillis()))
                    .sorted()
                    .toArray();
            System.out.println(PARTITIONS + " partitions, " + GROUPS + " groups: a look takes " + took[took.length / 2]
                    + " ms (the slowest " + took[took.length - 1] + " ms), what was said was at most " + oldest
                    + " ms old");
            admin.deleteConsumerGroups(last.groups().stream()
                            .map(LagReport.Group::name)
                            .filter(group -> group.startsWith(name))
                            .toList())
                    .all()
                    .get();
            admin.deleteTopics(topics.stream().map(NewTopic::name).toList())
                    .all()
                    .get();
            assertThat(oldest.get()).isLessThanOrEqualTo(2_000);
        }
    }
}
