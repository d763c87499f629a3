package io.tidemark.reconciler.http;

import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Tally.Repair;
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
 * @param href where to ask how it goes
 * @param mode {@code check}, {@code repair} or {@code force}
 * @param state {@code waiting}, {@code running}, {@code paused}, {@code done}, {@code failed} or {@code cancelled}
 * @param progress how far it is
 * @param result by cache what was found, as far as it has come; final when the state is {@code done}
 * @param error why it failed; null when it did not
 */
@Serdeable
record RunAnswer(
        String id,
        String href,
        String mode,
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
     * @param secondsLeft for the rows of the caches begun, at the rate so far; null when that is not known
     */
    @Serdeable
    record Progress(
            @Nullable String cache,
            long rows,
            @Nullable Long rowsEstimated,
            long rowsPerSecond,
            @Nullable Long secondsLeft) {}

    /**
     * What was found in one cache, in entries.
     *
     * @param rows how many rows of its table were read
     * @param notKept rows without an entry where none has to be, as the cache has a ttl
     * @param inFlight entries that were written at every look, so that nothing can be said of them
     * @param complete whether all of it was looked at
     * @param limited whether no more was looked at because no more was ordered
     * @param causes how many entries differ for each cause
     * @param repairsAsked how many entries were to be repaired
     * @param repaired how many of them were right when they were looked at again
     * @param repairsFailed how many of them still differed
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
            boolean limited,
            Map<String, Long> causes,
            long repairsAsked,
            long repaired,
            long repairsFailed,
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
                    tally.isLimited(),
                    tally.causes(),
                    tally.count(Repair.ASKED),
                    tally.count(Repair.DONE),
                    tally.count(Repair.FAILED),
                    tally.examples().stream().map(Example::of).toList());
        }
    }

    /** An entry that differs, with what is known of it and why; never what is in it. */
    @Serdeable
    record Example(String key, String kind, String version, String cause, String evidence) {

        static Example of(Tally.Example example) {
            return new Example(
                    example.key(), name(example.kind()), example.version(), example.cause(), example.evidence());
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
        boolean isGoingOn = !run.isOver() && estimated > rows;
        double seconds = run.duration().toMillis() / 1000.0;
        long perSecond = seconds == 0 ? 0 : Math.round(rows / seconds);
        return new RunAnswer(
                run.id(),
                "/api/reconcile/" + run.id(),
                name(run.order().mode()),
                name(run.state()),
                run.startedAt().orElse(null),
                seconds,
                new Progress(
                        run.current(),
                        rows,
                        estimated == 0 ? null : estimated,
                        perSecond,
                        isGoingOn && perSecond > 0 ? (estimated - rows) / perSecond : null),
                result,
                run.problem());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
