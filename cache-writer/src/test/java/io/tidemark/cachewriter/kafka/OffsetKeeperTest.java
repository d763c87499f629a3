package io.tidemark.cachewriter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.rebuild.Rebuilds;
import io.tidemark.cachewriter.stats.WriterStats;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OffsetKeeperTest {
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);

    private static final Partition NAME_OF_A = new Partition("t", 0);
    private static final Partition NAME_OF_B = new Partition("t", 1);

    private final AtomicReference<String> life = new AtomicReference<>("one");
    private final WriterStats stats = new WriterStats(Clock.systemUTC());
    private final Rebuilds rebuilds = new Rebuilds(Clock.systemUTC());
    private final OffsetKeeper keeper = new OffsetKeeper(life::get, rebuilds, stats);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @BeforeEach
    void assign() {
        consumer.assign(List.of(A, B));
        consumer.updateBeginningOffsets(Map.of(A, 3L, B, 4L));
        consumer.updateEndOffsets(Map.of(A, 1_000L, B, 1_000L));
        consumer.seek(A, 100);
        consumer.seek(B, 200);
        keeper.assigned(List.of(A, B));
    }

    @Test
    void commitsSayInWhichLifeOfRedisTheyHold() {
        keeper.beforePoll(consumer, 0);
        keeper.done(A, 101);
        keeper.beforePoll(consumer, 1_000);

        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(101, "one"));
        assertThat(committed(B)).isNull();
    }

    @Test
    void commitsAreNotMoreOftenThanNeeded() {
        keeper.beforePoll(consumer, 0);
        keeper.done(A, 101);
        keeper.beforePoll(consumer, 1_000);
        keeper.done(A, 102);
        keeper.beforePoll(consumer, 1_001);
        assertThat(committed(A).offset()).isEqualTo(101);

        keeper.beforePoll(consumer, 1_100);
        assertThat(committed(A).offset()).isEqualTo(102);
    }

    @Test
    void offsetsOfAnotherLifeAreNotBelieved() {
        consumer.commitSync(
                Map.of(A, new OffsetAndMetadata(100, "an earlier one"), B, new OffsetAndMetadata(200, "one")));
        assertThat(keeper.isPlaced(A)).isFalse();

        keeper.beforePoll(consumer, 0);

        assertThat(keeper.isPlaced(A)).isTrue();
        assertThat(consumer.position(A)).as("new changes go on").isEqualTo(100);
        assertThat(consumer.position(B)).isEqualTo(200);
        assertThat(committed(A))
                .as("a crash now must not lose it")
                .isEqualTo(new OffsetAndMetadata(3, "one missing-up-to 100"));
        assertThat(rebuilds.isLeft(NAME_OF_A)).isTrue();
        assertThat(rebuilds.isLeft(NAME_OF_B)).isFalse();
        assertThat(stats.rewinds()).isEqualTo(1);
    }

    @Test
    void nothingIsCommittedUntilThePastIsBack() {
        consumer.commitSync(Map.of(A, new OffsetAndMetadata(100, "an earlier one")));
        keeper.beforePoll(consumer, 0);
        keeper.done(A, 150);
        keeper.beforePoll(consumer, 1_000);
        keeper.revoked(List.of(A), consumer);
        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(3, "one missing-up-to 100"));

        rebuilds.drop(NAME_OF_A);
        keeper.beforePoll(consumer, 2_000);
        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(150, "one"));
    }

    @Test
    void whatIsBackIsCommittedThoughNoChangeCame() {
        consumer.commitSync(Map.of(A, new OffsetAndMetadata(100, "an earlier one")));
        keeper.beforePoll(consumer, 0);
        rebuilds.drop(NAME_OF_A);
        keeper.beforePoll(consumer, 1_000);
        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(100, "one"));
    }

    @Test
    void whoeverTakesOverInTheMiddleGoesOnWithIt() {
        consumer.commitSync(Map.of(A, new OffsetAndMetadata(3, "one missing-up-to 90")));
        consumer.seek(A, 3);
        keeper.beforePoll(consumer, 0);
        assertThat(consumer.position(A)).isEqualTo(90);
        assertThat(rebuilds.isLeft(NAME_OF_A)).isTrue();
        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(3, "one missing-up-to 90"));
    }

    @Test
    void partitionThatWasTakenAwayIsRebuiltBySomebodyElse() {
        consumer.commitSync(Map.of(A, new OffsetAndMetadata(100, "an earlier one")));
        keeper.beforePoll(consumer, 0);
        keeper.lost(List.of(A));
        assertThat(rebuilds.isLeft(NAME_OF_A)).isFalse();
        keeper.beforePoll(consumer, 1_000);
        assertThat(committed(A).metadata()).isEqualTo("one missing-up-to 100");
    }

    @Test
    void emptiedBeforeAnythingWasCommittedIsRebuiltToo() {
        keeper.beforePoll(consumer, 0);
        life.set("two");
        keeper.beforePoll(consumer, 1_000);
        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(3, "two missing-up-to 100"));
        assertThat(rebuilds.isLeft(NAME_OF_A)).isTrue();
    }

    @Test
    void offsetsThatAPersonHasSetAreBelieved() {
        consumer.commitSync(Map.of(A, new OffsetAndMetadata(50, "")));
        keeper.beforePoll(consumer, 0);
        assertThat(consumer.position(A)).isEqualTo(100);
    }

    @Test
    void redisEmptiedMeansThatEverythingBeforeIsRebuilt() {
        keeper.beforePoll(consumer, 0);
        keeper.done(A, 150);
        keeper.done(B, 250);
        keeper.beforePoll(consumer, 1_000);
        keeper.done(A, 160);
        consumer.seek(A, 160);
        consumer.seek(B, 250);

        life.set("two");
        keeper.beforePoll(consumer, 2_000);

        assertThat(consumer.position(A)).isEqualTo(160);
        assertThat(consumer.position(B)).isEqualTo(250);
        assertThat(committed(A)).isEqualTo(new OffsetAndMetadata(3, "two missing-up-to 160"));
        keeper.beforePoll(consumer, 3_000);
        assertThat(committed(A))
                .as("what was done in the old life counts no more")
                .isEqualTo(new OffsetAndMetadata(3, "two missing-up-to 160"));
    }

    @Test
    void nothingIsCommittedForPartitionsThatWereTakenAway() {
        keeper.beforePoll(consumer, 0);
        keeper.done(A, 101);
        keeper.lost(List.of(A));
        keeper.beforePoll(consumer, 1_000);
        assertThat(committed(A)).isNull();
    }

    @Test
    void revokedPartitionsAreCommittedAtOnce() {
        keeper.beforePoll(consumer, 0);
        keeper.done(A, 101);
        keeper.done(B, 201);
        keeper.revoked(List.of(A), consumer);
        assertThat(committed(A).offset()).isEqualTo(101);
        assertThat(committed(B)).isNull();
    }

    private OffsetAndMetadata committed(TopicPartition partition) {
        return consumer.committed(Set.of(partition)).get(partition);
    }
}
