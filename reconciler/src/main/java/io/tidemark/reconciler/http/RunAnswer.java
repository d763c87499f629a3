package io.tidemark.reconciler.http;

import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as its page shows it.
 *
 * @param state {@code waiting}, {@code running}, {@code done} or {@code failed}
 * @param progress how far it is
 * @param result by cache what was found, as far as it has come; final when the state is {@code done}
 * @param error why it failed; null when it did not
 */
@Serdeable
record RunAnswer(
        String id,
        String state,
        @Nullable Instant startedAt,
        double seconds,
        Progress progress,
        Map<String, OfCache> result,
        @Nullable String error) {

    /**
     * How far a comparison is, all its caches together.
     *
     * @param cache the one that is compared now; null before the first
     * @param rows how many rows were read
     * @param rowsEstimated about how many there are in the caches begun; null when that is not known
     */
    @Serdeable
    record Progress(
            @Nullable String cache, long rows, @Nullable Long rowsEstimated, long rowsPerSecond) {}

    /**
     * What was found in one cache, in entries.
     *
     * @param rows how many rows of its table were read
     * @param notKept rows without an entry where none has to be, as the cache has a ttl
     * @param inFlight entries that were written at every look, so that nothing can be said of them
     * @param complete whether all of it was looked at
     */
    @Serdeable
    record OfCache(
            long rows,
            long consistent,
            long stale,
            long missing,
            long orphaned,
            long notKept,
            long inFlight,
            boolean complete,
            List<Example> examples) {

        static OfCache of(Tally tally) {
            return new OfCache(
                    tally.rows(),
                    tally.count(Verdict.CONSISTENT),
                    tally.count(Verdict.STALE),
                    tally.count(Verdict.MISSING),
                    tally.count(Verdict.ORPHANED),
                    tally.count(Verdict.NOT_KEPT),
                    tally.count(Verdict.IN_FLIGHT),
                    tally.isComplete(),
                    tally.examples().stream().map(Example::of).toList());
        }
    }

    /** An entry that differs, with what is known of it; never what is in it. */
    @Serdeable
    record Example(String key, String kind, String version, String cause) {

        static Example of(Tally.Example example) {
            String cause =
                    switch (example.kind()) {
                        case STALE -> "the entry differs from its row";
                        case MISSING -> "the row has no entry";
                        default -> "the entry has no row";
                    };
            return new Example(
                    example.key(), name(example.kind()), example.version(), cause + ", version " + example.version());
        }
    }

    static RunAnswer of(Run run) {
        Map<String, OfCache> result = new LinkedHashMap<>();
        run.tallies().forEach((cache, tally) -> result.put(cache, OfCache.of(tally)));
        long rows = run.tallies().values().stream().mapToLong(Tally::rows).sum();
        long estimated = run.tallies().values().stream()
                .mapToLong(Tally::rowsEstimated)
                .filter(count -> count >= 0)
                .sum();
        double seconds = run.duration().toMillis() / 1000.0;
        return new RunAnswer(
                run.id(),
                name(run.state()),
                run.startedAt().orElse(null),
                seconds,
                new Progress(
                        run.current(),
                        rows,
                        estimated == 0 ? null : estimated,
                        seconds == 0 ? 0 : Math.round(rows / seconds)),
                result,
                run.problem());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
