package io.tidemark.cachewriter.history;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.history.HistoryStore.Counted;
import io.tidemark.cachewriter.history.HistoryStore.Figure;
import io.tidemark.cachewriter.history.HistoryStore.Size;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a sample of every cache each minute. Owns the thread {@code history}. Every cache-writer has one; what each has counted
 * is added up in Redis, and the first in a minute takes the samples.
 */
public final class HistoryKeeper implements AutoCloseable {
    /** The series of all caches together. No cache is called so. */
    public static final String ALL = "*";

    /** More caches than these have no history: names come from clients too, and Redis' memory is bounded. */
    static final int MOST_CACHES = 200;

    private static final Logger LOG = LoggerFactory.getLogger(HistoryKeeper.class);
    /** Looking through Redis takes no more than one part in so many of the time. */
    private static final int SIZES_SELDOM = 20;

    /** How often samples are taken, and so sizes at most. */
    private static final Duration SIZES_EVERY = Duration.ofMinutes(1);

    private final HistoryStore store;
    private final Sources sources;
    private final Set<String> caches;
    private final BooleanSupplier isOpen;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "history");
        one.setDaemon(true);
        return one;
    });
    private final Map<Counted, Long> told = new HashMap<>();
    private @Nullable Instant lastMinute;
    private Instant sizesNext = Instant.MIN;
    private boolean known;

    /** Where figures come from. */
    public interface Sources {

        /** What clients have counted so far, by cache and what. */
        Map<String, Map<String, Long>> clients();

        /** What this cache-writer has counted so far; of {@link #ALL} too. */
        Map<Counted, Long> own();

        /** Goes through Redis and says how large each cache is, and {@link #ALL}. */
        Map<String, Size> measure();
    }

    /**
     * @param caches the caches of the pipeline file, which have a history before all others
     * @param isOpen whether Redis is ready for work
     */
    public HistoryKeeper(
            HistoryStore store, Sources sources, Set<String> caches, BooleanSupplier isOpen, InstantSource clock) {
        this.store = store;
        this.sources = sources;
        this.caches = Set.copyOf(caches);
        this.isOpen = isOpen;
        this.clock = clock;
    }

    /** Begins; returns at once. */
    public void begin() {
        thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            if (isOpen.getAsBoolean()) {
                tick();
            }
        } catch (EntriesException redisAway) {
            LOG.debug("no sample of the caches: {}", redisAway.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: no sample of the caches was taken; it is tried again", unforeseen);
        }
    }

    /** Takes the samples of this minute, unless they are taken. */
    void tick() {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        if (minute.equals(lastMinute)) {
            return;
        }
        store.begin(minute, known);
        known = true;
        tell();
        if (store.claim(minute)) {
            measure();
            store.keep(minute, samples());
        }
        lastMinute = minute;
    }

    /** What this one has counted and the others do not know yet. */
    private void tell() {
        Map<Counted, Long> more = new HashMap<>();
        Map<Counted, Long> own = sources.own();
        own.forEach((what, count) -> {
            long news = count - told.getOrDefault(what, 0L);
            if (news > 0) {
                more.put(what, news);
            }
        });
        if (!more.isEmpty()) {
            store.count(more);
        }
        told.putAll(own);
    }

    private Map<String, Sample> samples() {
        Map<String, Map<String, Long>> clients = sources.clients();
        Map<Counted, Long> counted = store.counted();
        Map<String, Size> sizes = store.sizes();
        Map<String, Sample> samples = new LinkedHashMap<>();
        for (String cache : names(clients)) {
            Map<String, Long> of = cache.equals(ALL) ? sums(clients) : clients.getOrDefault(cache, Map.of());
            Size size = sizes.getOrDefault(cache, new Size(0, 0));
            samples.put(
                    cache,
                    new Sample(
                            of.getOrDefault("hits", 0L),
                            of.getOrDefault("misses", 0L),
                            of.getOrDefault("refused", 0L),
                            counted.getOrDefault(new Counted(cache, Figure.INVALIDATIONS), 0L),
                            counted.getOrDefault(new Counted(cache, Figure.WARM_UPS), 0L),
                            size.keys(),
                            size.bytes()));
        }
        return samples;
    }

    /** Those of the pipeline file first, then those that are asked for most. */
    private List<String> names(Map<String, Map<String, Long>> clients) {
        Set<String> names = new LinkedHashSet<>();
        names.add(ALL);
        caches.stream().sorted().forEach(names::add);
        List<String> others = new ArrayList<>(clients.keySet());
        others.sort(Comparator.comparingLong((String cache) -> -asks(clients.getOrDefault(cache, Map.of())))
                .thenComparing(Comparator.naturalOrder()));
        names.addAll(others);
        return names.stream().limit(MOST_CACHES).toList();
    }

    private static long asks(Map<String, Long> counts) {
        return counts.getOrDefault("hits", 0L) + counts.getOrDefault("misses", 0L);
    }

    private static Map<String, Long> sums(Map<String, Map<String, Long>> clients) {
        Map<String, Long> sums = new HashMap<>();
        clients.values().forEach(of -> of.forEach((what, count) -> sums.merge(what, count, Long::sum)));
        return sums;
    }

    private void measure() {
        Instant began = clock.instant();
        if (began.isBefore(sizesNext)) {
            return;
        }
        store.keepSizes(sources.measure());
        Duration took = Duration.between(began, clock.instant());
        Duration pause = took.multipliedBy(SIZES_SELDOM);
        sizesNext = began.plus(pause.compareTo(SIZES_EVERY) > 0 ? pause : Duration.ZERO);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
