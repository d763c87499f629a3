package io.tidemark.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.contract.Tag;
import io.tidemark.core.document.Format;
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
 * @param compressFrom values of at least so many bytes are kept compressed, as gzip, unless that is longer; 0 for none
 */
public record Keep(Duration ttl, int jitterPercent, Duration grace, List<Tag> tags, int compressFrom) {
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
        if (compressFrom < 0) {
            throw new IllegalArgumentException(
                    "expected to compress from 1 byte on, or 0 for never, found " + compressFrom);
        }
    }

    /** So long less up to a tenth, without a grace. */
    public static Keep forTtl(Duration ttl, String... tags) {
        return new Keep(
                ttl,
                JITTER_PERCENT,
                Duration.ZERO,
                Stream.of(tags).map(Tag::new).toList(),
                0);
    }

    public Keep withGrace(Duration newGrace) {
        return new Keep(ttl, jitterPercent, newGrace, tags, compressFrom);
    }

    public Keep withJitterPercent(int percent) {
        return new Keep(ttl, percent, grace, tags, compressFrom);
    }

    /**
     * The same with values of at least so many bytes compressed. This client reads them as any other; what other languages do,
     * docs/clients says.
     */
    public Keep withCompression(int fromBytes) {
        return new Keep(ttl, jitterPercent, grace, tags, fromBytes);
    }

    /** What is kept of a value. */
    public byte[] stored(String value) {
        return new Format.Json(compressFrom).stored(value.getBytes(UTF_8));
    }

    /** The tags as the contract's functions take them. */
    public String tagText() {
        return String.join(" ", tags.stream().map(Tag::name).toList());
    }
}
