package io.tidemark.positions.lag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.positions.kafka.GroupOffsets;
import io.tidemark.positions.kafka.UnreadRecords;
import io.tidemark.positions.lag.CommitTimes.Place;
import io.tidemark.positions.lag.LagReport.Partition;
import io.tidemark.positions.lag.Offsets.Part;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.NewTopics;
import io.tidemark.testkit.servers.SharedServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lag of real groups on a real Kafka, beside what Kafka's own command prints. */
class LagIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PARTITIONS = 3;

    private final String name = "lag" + UUID.randomUUID().toString().substring(0, 8);
    private final String topic = name + ".public.product";
    private final String bootstrap = SharedServers.kafka().bootstrap();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private GroupOffsets source;

    @BeforeEach
    void start() throws Exception {
        admin = closed(Admin.create(Map.of("bootstrap.servers", (Object) bootstrap)));
        NewTopics.make(admin, new NewTopic(topic, PARTITIONS, (short) 1));
        producer = closed(new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) bootstrap, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
        source = closed(new GroupOffsets(new KafkaSettings(bootstrap, name, 1, 1, Map.of()), Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closed(T one) {
        open.add(one);
        return one;
    }

    @Test
    void whatIsSaidIsWhatKafkasOwnCommandPrints() throws Exception {
        send(0, 30);
        send(1, 20);
        send(2, 10);
        // One group in mid-way, one with a partition it never committed, one without members.
        KafkaConsumer<byte[], byte[]> reader = consumer(name + ".reads");
        commit(reader, 0, 12);
        commit(reader, 1, 20);
        commit(reader, 2, 0);
        KafkaConsumer<byte[], byte[]> late = consumer(name + ".late");
        commit(late, 1, 5);
        KafkaConsumer<byte[], byte[]> gone = consumer(name + ".gone");
        commit(gone, 0, 3);
        gone.close();
        // A group that was given its offset, of another topic, and never had a member.
        String another = name + ".another";
        NewTopics.make(admin, new NewTopic(another, 1, (short) 1));
        TopicPartition place = new TopicPartition(another, 0);
        admin.alterConsumerGroupOffsets(name + ".old", Map.of(place, new OffsetAndMetadata(0)))
                .all()
                .get();

        LagReport report = new LagBoard(Duration.ofSeconds(60), name).report(source.look(), Duration.ZERO);

        for (String group : List.of(name + ".reads", name + ".late", name + ".gone", name + ".old")) {
            assertThat(ours(report, group)).as(group).isEqualTo(kafkas(group));
        }
        assertThat(ours(report, name + ".reads"))
                .containsEntry(topic + " 0", "12 30 18")
                .containsEntry(topic + " 1", "20 20 0")
                .containsEntry(topic + " 2", "0 10 10");
        assertThat(ours(report, name + ".late")).containsEntry(topic + " 0", "- 30 -");
        assertThat(report.group(name + ".reads").orElseThrow().members()).isEqualTo(1);
        assertThat(report.group(name + ".gone").orElseThrow().kafkaState()).isEqualTo("Empty");
        assertThat(report.groups()).as("every group on the cluster").hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void realConsumersAreWarnedOfStalledStoppedRewoundAndRight() throws Exception {
        LagBoard board = new LagBoard(Duration.ofSeconds(2), name);
        send(0, 100);
        KafkaConsumer<byte[], byte[]> reader = consumer(name);
        commit(reader, 0, 40);
        Await.until("it stalls", SOON).holds(() -> {
            reader.poll(Duration.ZERO);
            return state(board) == LagState.STALLED;
        });
        commit(reader, 0, 100);
        assertThat(state(board)).isEqualTo(LagState.OK);
        commit(reader, 0, 10);
        assertThat(state(board)).isEqualTo(LagState.REWOUND);
        long[] at = {10};
        Await.until("it moves and does not come nearer", SOON).holds(() -> {
            send(0, 5);
            commit(reader, 0, ++at[0]);
            return state(board) == LagState.WARNING;
        });
        reader.close();
        Await.until("it is stopped", SOON).holds(() -> state(board) == LagState.STOPPED);
        LagReport report = board.report(source.look(), Duration.ZERO);
        LagReport.Topic seen = report.group(name).orElseThrow().topics().get(0);
        assertThat(seen.table()).isEqualTo("public.product");
        assertThat(seen.behind().seconds()).isPositive();
    }

    @Test
    void freshnessIsCountedFromTheCommitInPostgres() throws Exception {
        Instant committed = Instant.parse("2026-11-21T10:00:00.123456Z");
        String change =
                "{\"before\":null,\"after\":{\"id\":1},\"op\":\"c\",\"source\":{\"schema\":\"public\",\"table\":\"product\","
                        + "\"ts_us\":" + ChronoUnit.MICROS.between(Instant.EPOCH, committed)
                        + ",\"sequence\":\"[\\\"8\\\",\\\"8\\\"]\",\"lsn\":8}}";
        send(0, 2);
        producer.send(new ProducerRecord<>(
                topic, 1, 1_700_000_000_000L, "{\"id\":1}".getBytes(UTF_8), change.getBytes(UTF_8)));
        producer.flush();
        Part first = new Part(topic, 0);
        Part second = new Part(topic, 1);
        try (UnreadRecords unread = new UnreadRecords(new KafkaSettings(bootstrap, name, 1, 1, Map.of()))) {
            Map<Place, Instant> times = new HashMap<>();
            Await.until("both are read", SOON).holds(() -> {
                times.putAll(unread.of(List.of(new Place(first, 0), new Place(first, 1), new Place(second, 0))));
                return times.size() == 3;
            });
            assertThat(times.get(new Place(second, 0))).isEqualTo(committed);
            assertThat(times.get(new Place(first, 1)))
                    .as("no change of a table: when it was made")
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        }
    }

    private LagState state(LagBoard board) throws Exception {
        Thread.sleep(50);
        return board.report(source.look(), Duration.ZERO)
                .group(name)
                .map(LagReport.Group::state)
                .orElse(LagState.OK);
    }

    private void send(int partition, int records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            sent.add(producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {1})));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /** A member of the group with all partitions. */
    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        KafkaConsumer<byte[], byte[]> consumer = closed(new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        (Object) bootstrap,
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "max.poll.records",
                        1),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
        consumer.subscribe(List.of(topic));
        Await.until("it has its partitions", SOON).holds(() -> {
            consumer.poll(Duration.ofMillis(50));
            return consumer.assignment().size() == PARTITIONS;
        });
        return consumer;
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, int partition, long offset) {
        consumer.commitSync(Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
    }

    /** By topic and partition: committed, end and lag, as Kafka's command prints them. */
    private static Map<String, String> ours(LagReport report, String group) {
        Map<String, String> lines = new TreeMap<>();
        for (LagReport.Topic topic : report.group(group).orElseThrow().topics()) {
            for (Partition partition : topic.partitions()) {
                lines.put(
                        topic.name() + " " + partition.partition(),
                        text(partition.committed()) + " " + text(partition.end()) + " " + text(partition.records()));
            }
        }
        return lines;
    }

    private static String text(Long number) {
        return number == null ? "-" : number.toString();
    }

    /** What {@code kafka-consumer-groups --describe} prints, out of its own jar. */
    private Map<String, String> kafkas(String group) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, UTF_8));
        try {
            ConsumerGroupCommand.main(
                    new String[] {"--bootstrap-server", bootstrap, "--describe", "--group", group, "--timeout", "10000"
                    });
        } finally {
            System.setOut(before);
        }
        Map<String, String> lines = new HashMap<>();
        int[] columns = {};
        for (String line : bytes.toString(UTF_8).split("\n")) {
            List<String> fields = List.of(line.trim().split("\\s+"));
            if (fields.contains("CURRENT-OFFSET")) {
                columns = List.of("TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG").stream()
                        .mapToInt(fields::indexOf)
                        .toArray();
            } else if (columns.length > 0 && fields.size() > columns[4]) {
                lines.put(
                        fields.get(columns[0]) + " " + fields.get(columns[1]),
                        fields.get(columns[2]) + " " + fields.get(columns[3]) + " " + fields.get(columns[4]));
            }
        }
        assertThat(lines).as("what it printed: " + bytes.toString(UTF_8)).isNotEmpty();
        return lines;
    }
}
