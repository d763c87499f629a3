package io.tidemark.reconciler.sampler;

import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import io.tidemark.reconciler.verify.Compared;
import io.tidemark.reconciler.verify.Findings;
import io.tidemark.reconciler.verify.Order;
import io.tidemark.reconciler.verify.Rows;
import io.tidemark.reconciler.verify.Sources;
import io.tidemark.reconciler.verify.SpotCheck;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a few entries of one cache after the other, all the time, on a thread of its own: rows at random, keys of Redis at
 * random (an orphan has no row to come by), and the keys that are asked for most. A difference is looked at again before
 * it counts, as in a comparison. The figures may be read by any thread.
 */
public final class Sampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    /** What its comparisons are called. */
    public static final String RUN = "sampler";

    private static final long PAUSE_MILLIS = 1_000;
    private static final long LONG_PAUSE_MILLIS = 10_000;
    private static final int HOTTEST = 100;

    private final List<Subject> caches;
    private final Sources sources;
    private final Supplier<SomeKeys> keys;
    private final BooleanSupplier isReady;
    private final int atOnce;
    private final Map<String, CacheFigures> figures = new LinkedHashMap<>();
    private final Map<String, Rows> open = new HashMap<>();
    private final Map<String, SpotCheck> spotChecks = new HashMap<>();
    private final Map<String, Integer> hottestLookedAt = new HashMap<>();
    private final Thread thread = new Thread(this::run, "sampler");
    private volatile boolean closed;

    /**
     * @param keys where keys of Redis come from, once it is connected
     * @param isReady whether entries can be looked at
     * @param perSecond how many rows to look at a second, 0 for none at all
     */
    public Sampler(
            List<Subject> caches,
            Sources sources,
            Supplier<SomeKeys> keys,
            BooleanSupplier isReady,
            int perSecond,
            Clock clock) {
        this.caches = List.copyOf(caches);
        this.sources = sources;
        this.keys = keys;
        this.isReady = isReady;
        this.atOnce = perSecond;
        caches.forEach(cache -> figures.put(cache.name(), new CacheFigures(clock)));
        thread.setDaemon(true);
    }

    public void begin() {
        if (atOnce > 0 && !caches.isEmpty()) {
            thread.start();
        }
    }

    /** What was seen, by cache, in the order of the pipeline file. */
    public Map<String, CacheFigures> figures() {
        return Collections.unmodifiableMap(figures);
    }

    private void run() {
        long turn = 0;
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                if (isReady.getAsBoolean()) {
                    look(caches.get((int) (turn++ % caches.size())));
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
        open.values().forEach(Rows::close);
    }

    private void look(Subject cache) throws InterruptedException {
        try {
            Tally tally = check(cache);
            figuresOf(cache).record(tally.looked(), tally.drift());
            tally.examples().stream().findFirst().ifPresent(wrong -> figuresOf(cache)
                    .lastWrong(
                            new CacheFigures.Wrong(wrong.key(), wrong.kind().text(), wrong.cause(), wrong.evidence())));
        } catch (SQLException | NotAppliedException | RuntimeException away) {
            // Nothing is counted: what could not be looked at is neither right nor wrong.
            LOG.debug("the sampler could not look at cache {}: {}", cache.name(), away.getMessage());
            Rows gone = open.remove(cache.name());
            if (gone != null) {
                gone.close();
            }
            TimeUnit.MILLISECONDS.sleep(LONG_PAUSE_MILLIS);
        }
    }

    private Tally check(Subject cache) throws SQLException, InterruptedException, NotAppliedException {
        Rows rows = open.get(cache.name());
        if (rows == null) {
            rows = sources.rows(cache);
            open.put(cache.name(), rows);
        }
        Compared compared = Compared.of(sources, cache, rows);
        Tally tally = Tally.ofFewExamples();
        Findings findings = sources.findings(RUN, cache, Order.check(List.of(cache)), compared, tally);
        Set<String> some = new LinkedHashSet<>(keys.get().random(Math.max(1, atOnce / 2)));
        some.addAll(hottest(cache));
        spotChecks
                .computeIfAbsent(cache.name(), first -> new SpotCheck(cache))
                .check(compared, findings, rows.sample(atOnce), some, tally);
        return tally;
    }

    /** A few of the hottest, the next ones at each turn. */
    private List<String> hottest(Subject cache) {
        List<String> hottest = keys.get().hottest(cache.name(), HOTTEST);
        int from = hottestLookedAt.getOrDefault(cache.name(), 0);
        int start = from >= hottest.size() ? 0 : from;
        int end = Math.min(hottest.size(), start + Math.max(1, atOnce / 5));
        hottestLookedAt.put(cache.name(), end);
        return hottest.subList(start, end);
    }

    private CacheFigures figuresOf(Subject cache) {
        CacheFigures known = figures.get(cache.name());
        if (known == null) {
            throw new IllegalStateException("BUG: no figures of cache " + cache.name());
        }
        return known;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
