package io.tidemark.client;

import io.tidemark.core.contract.Tag;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * How an entry is kept. Immutable.
 *
 * @param ttl how long, above zero; with the grace at most 48 days
 * @param jitterPercent up to how much is taken off the ttl, always the same for a key
 * @param grace for how long after it went stale its old value may still be used by those who would have to wait
 * @param tags by which it is invalidated
 */
public record Keep(Duration ttl, int jitterPercent, Duration grace, List<Tag> tags) {
    private static final Duration LONGEST = Duration.ofDays(48);
    private static final int JITTER_PERCENT = 10;

    public Keep {
        tags = List.copyOf(new LinkedHashSet<>(tags));
        if (ttl.toMillis() < 1 || grace.isNegative() || ttl.plus(grace).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "expected a ttl from 1 ms and with its grace up to 48 days, found " + ttl + " and " + grace);
        }
        if (jitterPercent < 0 || jitterPercent > 100) {
            throw new IllegalArgumentException("expected a jitter of 0 to 100 percent, found " + jitterPercent);
        }
    }

    /** So long less up to a tenth, without a grace. */
    public static Keep forTtl(Duration ttl, String... tags) {
        return new Keep(
                ttl,
                JITTER_PERCENT,
                Duration.ZERO,
                Stream.of(tags).map(Tag::new).toList());
    }

    public Keep withGrace(Duration newGrace) {
        return new Keep(ttl, jitterPercent, newGrace, tags);
    }

    public Keep withJitterPercent(int percent) {
        return new Keep(ttl, percent, grace, tags);
    }

    /** The tags as the contract's functions take them. */
    public String tagText() {
        return String.join(" ", tags.stream().map(Tag::name).toList());
    }
}
