package io.tidemark.positions.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every layer promises, whatever it is made of; a class per layer says how to open one. */
public abstract class PositionLayerContract {
    protected static final StoreId NATUR = new StoreId("NATUR");
    protected static final StoreId PURNA = new StoreId("PURNA");
    protected static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

    /** Another view of the same, so far empty place, as another process would have it. */
    protected abstract PositionLayer open();

    @Test
    void whatWasNeverWrittenIsMissingFromTheAnswer() {
        assertThat(open().read(List.of(NATUR))).isEmpty();
    }

    @Test
    void aPositionComesBackWholeAlsoToAnotherProcess() {
        RewoundFrom before = new RewoundFrom(9070, Optional.of("bb=="), 181582, 181601, AT, "admin");
        Position position = new Position(
                NATUR,
                3,
                2,
                9070,
                Optional.of("eyJpZCI6MTgxNjAxfQ=="),
                181582,
                181601,
                Layer.REDIS,
                AT,
                Certainty.RECORDED,
                Optional.of(before));
        open().write(List.of(new Checkpoint(position, Map.of(0, 5L, 3, 12L))));

        Checkpoint found = open().read(List.of(NATUR, PURNA)).get(NATUR);

        assertThat(found.position().from(Layer.REDIS)).isEqualTo(position);
        assertThat(found.reflects()).containsEntry(0, 5L).containsEntry(3, 12L);
    }

    @Test
    void aLowerPositionNeverReplacesAHigherOneUnlessAPersonRewinds() {
        PositionLayer layer = open();
        assertThat(write(layer, at(9070, 181601))).isEqualTo(Verdict.WRITTEN);
        assertThat(write(layer, at(9070, 181601))).isEqualTo(Verdict.SAME);
        assertThat(write(open(), at(1, 20))).isEqualTo(Verdict.LOWER);
        assertThat(write(layer, Position.start(NATUR, AT))).isEqualTo(Verdict.LOWER);
        assertThat(page(layer)).isEqualTo(9070);

        RewoundFrom before = new RewoundFrom(9070, Optional.empty(), 181582, 181601, AT, "admin");
        assertThat(write(layer, at(100, 2000).inGeneration(1, Optional.of(before))))
                .isEqualTo(Verdict.WRITTEN);
        assertThat(write(open(), at(9071, 181621))).isEqualTo(Verdict.LOWER);
        assertThat(page(open())).isEqualTo(100);
    }

    @Test
    void whateverOrderManyWritersComeInTheFarthestStays() throws Exception {
        List<Position> positions = new ArrayList<>();
        for (int page = 1; page <= 60; page++) {
            positions.add(at(page, 20L * page));
        }
        Collections.shuffle(positions, new Random(4));
        List<PositionLayer> layers = List.of(open(), open());
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < positions.size(); i++) {
                Position position = positions.get(i);
                PositionLayer layer = layers.get(i % 2);
                done.add(writers.submit(() -> write(layer, position)));
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            writers.shutdown();
        }
        assertThat(page(open())).isEqualTo(60);
    }

    @Test
    void manyStoresAreWrittenAndReadAtOnce() {
        List<Checkpoint> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(new Checkpoint(Position.recorded(new StoreId("STORE" + i), i + 1, 1, 20L * (i + 1), AT), Map.of()));
        }
        open().write(all);
        Map<StoreId, Checkpoint> found =
                open().read(all.stream().map(one -> one.position().store()).toList());
        assertThat(found).hasSize(500);
        assertThat(found.get(new StoreId("STORE41")).position().page()).isEqualTo(42);
    }

    protected static Verdict write(PositionLayer layer, Position position) {
        return layer.write(List.of(new Checkpoint(position, Map.of()))).get(position.store());
    }

    protected static Position at(long page, long lastId) {
        return Position.recorded(NATUR, page, Math.max(1, lastId - 19), lastId, AT);
    }

    protected static long page(PositionLayer layer) {
        return layer.read(List.of(NATUR)).get(NATUR).position().page();
    }
}
