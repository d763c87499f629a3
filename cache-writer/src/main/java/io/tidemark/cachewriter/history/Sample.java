package io.tidemark.cachewriter.history;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The figures of one cache at one moment. Immutable.
 *
 * @param hits counted so far by clients, as all that follow up to {@code warmUps} since Redis began
 * @param misses counted so far by clients
 * @param refused fills refused so far, because an invalidation had voided their lease
 * @param invalidations so far by cache-writers
 * @param warmUps warmings of it that ended so far
 * @param keys entries it has now
 * @param bytes what those take in Redis now, their meta included; an estimate from a part of them
 */
public record Sample(long hits, long misses, long refused, long invalidations, long warmUps, long keys, long bytes) {

    static final Sample NOTHING = new Sample(0, 0, 0, 0, 0, 0, 0);
    private static final int FIGURES = 7;
    private static final String NUMBER = "\\d{1,18}";

    /** As Redis keeps it: seven numbers with blanks between. */
    public String text() {
        return LongStream.of(hits, misses, refused, invalidations, warmUps, keys, bytes)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }

    /** Reads {@link #text}; empty for anything else, as another version or another program may have written there. */
    public static Optional<Sample> parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != FIGURES) {
            return Optional.empty();
        }
        long[] numbers = new long[FIGURES];
        for (int i = 0; i < FIGURES; i++) {
            if (!parts[i].matches(NUMBER)) {
                return Optional.empty();
            }
            numbers[i] = Long.parseLong(parts[i]);
        }
        return Optional.of(
                new Sample(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]));
    }

    /** Whether what only grows is less here than it was: the counting has begun anew in between. */
    boolean beganAfter(Sample before) {
        return hits < before.hits
                || misses < before.misses
                || refused < before.refused
                || invalidations < before.invalidations
                || warmUps < before.warmUps;
    }

    /** What came since, with keys and bytes of now. */
    Sample since(Sample before) {
        Sample from = beganAfter(before) ? NOTHING : before;
        return new Sample(
                hits - from.hits,
                misses - from.misses,
                refused - from.refused,
                invalidations - from.invalidations,
                warmUps - from.warmUps,
                keys,
                bytes);
    }

    /** Both together, where the other is later. */
    Sample and(Sample later) {
        return new Sample(
                hits + later.hits,
                misses + later.misses,
                refused + later.refused,
                invalidations + later.invalidations,
                warmUps + later.warmUps,
                later.keys,
                later.bytes);
    }
}
