package io.tidemark.positions.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthAssessmentTest {
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final StoreId NATUR = new StoreId("NATUR");
    private static final StoreId PURNA = new StoreId("PURNA");
    private static final StoreId DILST = new StoreId("DILST");
    private static final StoreId MGSTR = new StoreId("MGSTR");
    private static final StoreId JWLR = new StoreId("JWLR");

    @Test
    void everyBadgeIsGivenForItsReason() {
        Map<StoreId, Position> redis = new HashMap<>();
        redis.put(NATUR, at(NATUR, 9070, 181601));
        redis.put(PURNA, at(PURNA, 1, 20));
        redis.put(DILST, Position.calculated(DILST, 90, 1, 2000, AT));
        redis.put(JWLR, Position.start(JWLR, AT));
        Map<StoreId, Position> elsewhere = Map.of(
                NATUR, at(NATUR, 9070, 181601).from(Layer.KAFKA),
                PURNA, at(PURNA, 500, 10000).from(Layer.KAFKA),
                MGSTR, at(MGSTR, 7, 140).from(Layer.JSON));

        Health health = HealthAssessment.of(List.of(PURNA, NATUR, DILST, MGSTR, JWLR), redis, elsewhere);

        assertThat(health.stores()).extracting(StoreHealth::store).containsExactly(DILST, JWLR, MGSTR, NATUR, PURNA);
        assertThat(health.stores())
                .extracting(StoreHealth::badge)
                .containsExactly(Badge.CALCULATED, Badge.HEALTHY, Badge.MISSING, Badge.HEALTHY, Badge.RESET);
        assertThat(health.percent()).isEqualTo(40);
        assertThat(health.alert()).isTrue();
        assertThat(health.needingAttention()).isEqualTo(3);
        assertThat(health.recommendations()).hasSize(3);
        assertThat(health.recommendations().get(0)).startsWith("MGSTR: lost from Redis");
    }

    @Test
    void aRewindKnownOnlyElsewhereCountsAsReset() {
        Position rewound = at(NATUR, 100, 2000)
                .inGeneration(1, Optional.of(new RewoundFrom(9070, Optional.empty(), 181582, 181601, AT, "admin")));
        assertThat(HealthAssessment.judge(NATUR, Optional.of(at(NATUR, 9070, 181601)), Optional.of(rewound))
                        .badge())
                .isEqualTo(Badge.RESET);
    }

    @Test
    void aHigherPageOfTheSameLastOrderElsewhereIsNoLoss() {
        assertThat(HealthAssessment.judge(
                                NATUR, Optional.of(at(NATUR, 9060, 181601)), Optional.of(at(NATUR, 9070, 181601)))
                        .badge())
                .isEqualTo(Badge.HEALTHY);
    }

    @Test
    void withoutStoresNothingIsWrong() {
        Health health = HealthAssessment.of(List.of(), Map.of(), Map.of());
        assertThat(health.percent()).isEqualTo(100);
        assertThat(health.alert()).isFalse();
        assertThat(health.recommendations()).isEmpty();
    }

    private static Position at(StoreId store, long page, long lastId) {
        return Position.recorded(store, page, Math.max(1, lastId - 19), lastId, AT);
    }
}
