package io.tidemark.positions.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.PositionLayerContract;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.NewTopics;
import io.tidemark.testkit.servers.SharedServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaLayerIT extends PositionLayerContract {
    private static final OrdersTable ORDERS = new OrdersTable(new TableId("public", "orders"), "store", "order_id");

    private final KafkaSettings settings = new KafkaSettings(
            SharedServers.kafka().bootstrap(),
            "t" + UUID.randomUUID().toString().substring(0, 8),
            4,
            1,
            Map.of());
    private final List<KafkaLayer> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(KafkaLayer::close);
    }

    @Override
    protected KafkaLayer open() {
        KafkaLayer layer = new KafkaLayer(settings, ORDERS, PageEstimate.usual());
        opened.add(layer);
        layer.start();
        return layer;
    }

    @Test
    void aCheckpointIsMovedOnByTheOrdersThatCameAfterIt() throws Exception {
        makeOrdersTopic();
        for (int id = 1; id <= 200; id++) {
            order("NATUR", id);
        }
        KafkaLayer first = open();
        first.read(List.of());
        write(first, at(10, 200));
        first.close();
        for (int id = 201; id <= 245; id++) {
            order("NATUR", id);
            order("PURNA", id);
        }
        order("NATUR", 150);

        Checkpoint found = open().read(List.of(NATUR)).get(NATUR);

        assertThat(found.position().lastId()).isEqualTo(245);
        assertThat(found.position().page()).isEqualTo(12);
        assertThat(found.position().certainty()).isEqualTo(Certainty.REPLAYED);
        assertThat(found.reflects().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(200 + 91);
    }

    @Test
    void anIdleStoresCheckpointIsNotReplayedFromLongAgo() throws Exception {
        makeOrdersTopic();
        KafkaLayer layer = open();
        write(layer, at(10, 200));
        for (int id = 1; id <= 100; id++) {
            order("PURNA", id);
        }
        layer.read(List.of(NATUR));
        layer.sayReflected();

        Checkpoint found = open().read(List.of(NATUR)).get(NATUR);
        assertThat(found.reflects().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(100);
        assertThat(found.position().page()).isEqualTo(10);
    }

    @Test
    void aLowerCheckpointWrittenPastTheGuardIsRepaired() throws Exception {
        KafkaLayer layer = open();
        write(layer, at(9070, 181601));
        send(
                KafkaLayer.topicOf(settings),
                "NATUR",
                new String(
                        CheckpointView.value(new Checkpoint(Position.recorded(NATUR, 1, 1, 20, AT), Map.of())), UTF_8));
        send(KafkaLayer.topicOf(settings), "PURNA", "{\"page\":1}");
        Await.until("the higher checkpoint is written after the lower one", Duration.ofSeconds(20))
                .holds(() -> lastPageOnTheTopic() == 9070);
        assertThat(page(open())).isEqualTo(9070);
    }

    @Test
    void aDeletedTopicIsMadeAgainWithEverythingKnown() throws Exception {
        KafkaLayer layer = open();
        write(layer, at(9070, 181601));
        layer.read(List.of(NATUR));
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(KafkaLayer.topicOf(settings))).all().get();
        }
        Await.until("the topic is there again with its checkpoint", Duration.ofSeconds(30))
                .holds(() -> lastPageOnTheTopic() == 9070);
    }

    private long lastPageOnTheTopic() {
        try (var reader = new PositionClients(settings).reader("test")) {
            var partition = new org.apache.kafka.common.TopicPartition(KafkaLayer.topicOf(settings), 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            long page = 0;
            while (reader.position(partition) < end) {
                for (var record : reader.poll(Duration.ofMillis(100))) {
                    if (new String(record.key(), UTF_8).equals("NATUR")) {
                        String value = new String(record.value(), UTF_8);
                        page = Long.parseLong(value.replaceAll(".*\"page\":(\\d+).*", "$1"));
                    }
                }
            }
            return page;
        }
    }

    private void makeOrdersTopic() throws Exception {
        try (Admin admin = admin()) {
            NewTopics.make(admin, new NewTopic(settings.topics().of(ORDERS.table()), 4, (short) 1));
        }
    }

    private void order(String store, long id) throws Exception {
        send(
                settings.topics().of(ORDERS.table()),
                "{\"store\":\"" + store + "\",\"order_id\":" + id + "}",
                "{\"op\":\"c\"}");
    }

    private void send(String topic, String key, String value) throws Exception {
        producer()
                .send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8)))
                .get();
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return Producer.SHARED;
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", SharedServers.kafka().bootstrap()));
    }

    private static final class Producer {
        static final KafkaProducer<byte[], byte[]> SHARED = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedServers.kafka().bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
