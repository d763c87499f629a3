package io.tidemark.cachewriter.history;

import io.tidemark.cachewriter.history.HistoryStore.Began;
import io.tidemark.cachewriter.history.Points.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads what was kept. Thread-safe. */
public final class CacheHistory {
    /** What is kept longer than this may be gone. */
    public static final int MOST_HOURS = 72;

    private final HistoryStore store;
    private final Set<String> caches;
    private final InstantSource clock;

    /** @param caches those of the pipeline file */
    public CacheHistory(HistoryStore store, Set<String> caches, InstantSource clock) {
        this.store = store;
        this.caches = Set.copyOf(caches);
        this.clock = clock;
    }

    /**
     * The figures of one cache.
     *
     * @param from the moment that was asked from
     * @param began since when samples are kept; null when there are none yet
     * @param note in words, what one has to know of it; empty for nothing
     */
    public record Line(
            Instant from, Duration step, @Nullable Began began, String note, List<Point> points) {}

    /**
     * Figures of the last hours, as Redis has them.
     *
     * @param cache a name, or {@link HistoryKeeper#ALL}
     * @param step of the points, whole minutes; null for one that gives no more than 300 points
     * @return empty for a cache that nobody knows
     * @throws io.tidemark.cachewriter.entries.EntriesException when Redis cannot be asked
     */
    public Optional<Line> line(String cache, int hours, @Nullable Duration step) {
        Instant now = clock.instant();
        Instant from = now.minus(hours, ChronoUnit.HOURS);
        // One more says what was there before the first.
        SortedMap<Instant, Sample> samples = store.read(cache, from.minus(1, ChronoUnit.MINUTES), now);
        boolean isKnown = cache.equals(HistoryKeeper.ALL) || caches.contains(cache) || !samples.isEmpty();
        if (!isKnown) {
            return Optional.empty();
        }
        Began began = store.began().orElse(null);
        Duration taken = step == null ? Points.step(Duration.ofHours(hours)) : step;
        return Optional.of(new Line(from, taken, began, note(began, from), Points.of(samples, taken)));
    }

    private static String note(@Nullable Began began, Instant from) {
        if (began == null) {
            return "nothing is kept yet; the first figures come within two minutes";
        }
        if (!began.at().isAfter(from)) {
            return "";
        }
        return began.emptied()
                ? "Redis was emptied, and the history with it: it began anew at " + began.at()
                : "kept since " + began.at() + ": nothing is known of the time before";
    }
}
