package io.tidemark.positions.budget.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucketBuilder;
import io.tidemark.positions.budget.CallLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {

    private static final class SetClock implements TimeMeter {
        private long nanos;

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }

    @Test
    void letsNoSpanHoldMoreThanItsLimitHoweverTheCallsCome() {
        for (String text :
                List.of("5/s,50/min,1000/h,10000/day", "1/s", "2/s,3/min", "7/min,400/h", "500/s,5000/min")) {
            for (int seed = 0; seed < 3; seed++) {
                assertThat(mostOverLimit(CallLimit.parse(text), seed, false))
                        .as(text)
                        .isLessThanOrEqualTo(0);
            }
        }
    }

    @Test
    void wouldBreakTheLimitIfTheBucketHeldAllOfIt() {
        assertThat(mostOverLimit(CallLimit.parse("50/min"), 0, true)).isPositive();
    }

    @Test
    void usesMostOfADayAndLetsASearchOfTwentyCallsThroughAtOnce() {
        SetClock clock = new SetClock();
        Bucket bucket = bucket(TokenBuckets.of(CallLimit.parse("5/s,50/min,1000/h,10000/day")), clock);
        long calls = 0;
        long atTwenty = 0;
        while (clock.nanos < Duration.ofDays(1).toNanos()) {
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
            calls += probe.isConsumed() ? 1 : 0;
            atTwenty = calls == 20 && atTwenty == 0 ? clock.nanos : atTwenty;
            clock.nanos += probe.isConsumed() ? 1_000_000 : 1_000_000 + probe.getNanosToWaitForRefill();
        }
        assertThat(calls).isBetween(8_500L, 10_000L);
        assertThat(Duration.ofNanos(atTwenty)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void refusesLimitsOfAnotherForm() {
        for (String wrong : List.of("", "5", "5/year", "-1/s", "0/s", "5/s;6/min")) {
            assertThatThrownBy(() -> CallLimit.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(CallLimit.parse("50/min, 5/s").get(0).text()).isEqualTo("5/s");
    }

    /** The most calls by which any span went over its limit, over three days of greedy calls with pauses. */
    private static long mostOverLimit(List<CallLimit> limits, int seed, boolean holdAll) {
        SetClock clock = new SetClock();
        Random random = new Random(seed);
        Bucket bucket = bucket(holdAll ? whole(limits) : TokenBuckets.of(limits), clock);
        List<ArrayDeque<Long>> windows = new ArrayList<>();
        limits.forEach(limit -> windows.add(new ArrayDeque<>()));
        long worst = Long.MIN_VALUE;
        for (int step = 0; step < 20_000 && clock.nanos < Duration.ofDays(3).toNanos(); step++) {
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
            if (probe.isConsumed()) {
                for (int i = 0; i < limits.size(); i++) {
                    ArrayDeque<Long> window = windows.get(i);
                    window.addLast(clock.nanos);
                    while (window.peekFirst()
                            <= clock.nanos - limits.get(i).span().toNanos()) {
                        window.removeFirst();
                    }
                    worst = Math.max(worst, window.size() - limits.get(i).calls());
                }
            } else {
                clock.nanos += 1_000_000 + probe.getNanosToWaitForRefill();
            }
            if (random.nextInt(500) == 0) {
                clock.nanos += (long) (random.nextDouble() * Duration.ofHours(2).toNanos());
            }
        }
        return worst;
    }

    private static BucketConfiguration whole(List<CallLimit> limits) {
        var builder = BucketConfiguration.builder();
        limits.forEach(limit -> builder.addLimit(Bandwidth.builder()
                .capacity(limit.calls())
                .refillGreedy(limit.calls(), limit.span())
                .build()));
        return builder.build();
    }

    private static Bucket bucket(BucketConfiguration configuration, TimeMeter clock) {
        LocalBucketBuilder builder = Bucket.builder().withCustomTimePrecision(clock);
        for (Bandwidth bandwidth : configuration.getBandwidths()) {
            builder.addLimit(bandwidth);
        }
        return builder.build();
    }
}
