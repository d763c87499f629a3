package io.tidemark.positions.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.lag.LagReport.Partition;
import io.tidemark.positions.lag.Offsets.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LagBoardTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");
    private static final Part FIRST = new Part("shop.public.product", 0);
    private static final Part SECOND = new Part("shop.public.product", 1);
    private static final Part OTHER = new Part("elsewhere", 0);

    private final LagBoard board = new LagBoard(Duration.ofSeconds(2), "shop");

    @Test
    void partitionsAddUpToTopicsAndThoseToGroups() {
        look(0, 100, 100, 50);
        look(1, 110, 130, 50);
        LagReport report = look(2, 120, 160, 50);
        LagReport.Group group = report.group("g").orElseThrow();
        assertThat(group.behind().records()).isEqualTo(20 + 60 + 3);
        assertThat(group.topics())
                .extracting(LagReport.Topic::name, LagReport.Topic::table)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("elsewhere", null),
                        org.assertj.core.api.Assertions.tuple("shop.public.product", "public.product"));
        LagReport.Topic product = group.topics().get(1);
        assertThat(product.behind().producedPerSecond()).isEqualTo(40);
        assertThat(product.behind().trendPerSecond()).isEqualTo(40);
        assertThat(product.behind().clearSeconds()).as("never at this pace").isNull();
        assertThat(product.behind().seconds()).isBetween(1.9, 2.0);
        assertThat(product.partitions().get(0))
                .isEqualTo(new Partition(
                        0, 100L, 120L, 20L, product.partitions().get(0).seconds(), false, null, LagState.OK));
        assertThat(product.partitions().get(1).state()).isEqualTo(LagState.OK);

        report = look(3, 130, 190, 50);
        assertThat(report.group("g").orElseThrow().state()).isEqualTo(LagState.STALLED);
    }

    @Test
    void timeToClearIsThatOfThePace() {
        assertThat(new LagReport.Behind(600, 1, false, null, 10, 30).clearSeconds())
                .isEqualTo(30.0);
        assertThat(new LagReport.Behind(0, 0, false, null, 10, 10).clearSeconds())
                .isEqualTo(0.0);
        assertThat(new LagReport.Behind(5, 1, false, null, 10, 10).clearSeconds())
                .isNull();
    }

    @Test
    void whatIsNotKnownIsNotGuessed() {
        Offsets offsets = new Offsets(
                BEGIN,
                Map.of("g", new Offsets.Group("Stable", 1, Map.of(FIRST, Offsets.Group.NONE, OTHER, 7L))),
                Map.of(FIRST, 10L));
        LagReport.Group group = board.report(offsets, Duration.ZERO).groups().get(0);
        assertThat(group.topics().get(0).partitions().get(0))
                .as("its topic is gone")
                .isEqualTo(new Partition(0, 7L, null, null, 0, false, null, LagState.OK));
        assertThat(group.topics().get(1).partitions().get(0))
                .as("nothing was committed")
                .isEqualTo(new Partition(0, null, 10L, null, 0, false, null, LagState.OK));
        assertThat(group.behind().records()).isZero();
    }

    /** The group stands at 100 of both partitions and at 47 of the other topic. */
    private LagReport look(int second, long firstEnd, long secondEnd, long otherEnd) {
        return board.report(
                new Offsets(
                        BEGIN.plusSeconds(second),
                        Map.of("g", new Offsets.Group("Stable", 2, Map.of(FIRST, 100L, SECOND, 100L, OTHER, 47L))),
                        Map.of(FIRST, firstEnd, SECOND, secondEnd, OTHER, otherEnd)),
                Duration.ZERO);
    }
}
