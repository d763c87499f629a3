package io.tidemark.positions.budget.postgres;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConfigurationBuilder;
import io.tidemark.positions.budget.CallLimit;
import java.time.Duration;
import java.util.List;

/**
 * Turns limits into token buckets that cannot break them, however the other side counts.
 *
 * <p>A bucket that holds the whole limit and is refilled at its rate lets up to twice the limit through in one span: all
 * that it held, and all that flows in meanwhile. So what a bucket holds and what flows into it in a span make up nine
 * tenths of the limit together, at most; the tenth is for calls that travel slowly and arrive closer together than they
 * were sent. Half for the burst costs nothing in a middle limit, since the next wider one is tighter in the long run
 * anyway; the widest is the one that counts in the long run, so its burst is a tenth only.
 */
final class TokenBuckets {
    private static final int NARROWEST = 4;
    private static final int BETWEEN = 2;
    private static final int WIDEST = 10;

    private TokenBuckets() {}

    /** @param limits the narrowest first */
    static BucketConfiguration of(List<CallLimit> limits) {
        ConfigurationBuilder builder = BucketConfiguration.builder();
        for (int i = 0; i < limits.size(); i++) {
            int share = i == limits.size() - 1 ? WIDEST : i == 0 ? NARROWEST : BETWEEN;
            builder.addLimit(bandwidth(limits.get(i), share));
        }
        return builder.build();
    }

    private static Bandwidth bandwidth(CallLimit limit, int share) {
        long burst = Math.max(1, limit.calls() / share);
        long refill = (limit.calls() - burst) * 9 / 10;
        Duration span = limit.span();
        if (refill == 0) {
            refill = 1;
            span = limit.calls() == 1 ? span.multipliedBy(11).dividedBy(10) : span;
        }
        return Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(refill, span)
                .id(limit.span().toString())
                .build();
    }
}
