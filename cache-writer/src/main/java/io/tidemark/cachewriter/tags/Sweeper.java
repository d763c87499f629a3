package io.tidemark.cachewriter.tags;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.stats.WriterStats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what bumped tags have made stale, in small portions, so that plain readers do not see it any more and its memory is
 * free. Owns a thread, {@code sweeper}. Several may work on one Redis.
 */
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /** So few that Redis is busy with them for about a millisecond. */
    static final int AT_ONCE = 250;

    private static final int TAGS_AT_ONCE = 100;
    private static final long IDLE_MILLIS = 20;
    private static final long TROUBLED_MILLIS = 1_000;
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PRUNE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final TagStore store;
    private final WriterStats stats;
    private final BooleanSupplier isOpen;
    private final Thread thread = new Thread(this::run, "sweeper");
    private final Map<TagStore.Due, Long> heldUntil = new HashMap<>();
    private volatile boolean closed;
    private String pruneFrom = "";
    private long prunedAt = System.nanoTime();

    /** @param isOpen whether Redis is ready for work */
    public Sweeper(TagStore store, WriterStats stats, BooleanSupplier isOpen) {
        this.store = store;
        this.stats = stats;
        this.isOpen = isOpen;
        thread.setDaemon(true);
    }

    /** Begins; returns at once. */
    public void begin() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            long pause = IDLE_MILLIS;
            try {
                if (isOpen.getAsBoolean()) {
                    pause = work() ? 0 : IDLE_MILLIS;
                }
            } catch (EntriesException redisAway) {
                LOG.debug("not swept: {}", redisAway.getMessage());
                pause = TROUBLED_MILLIS;
            } catch (RuntimeException unforeseen) {
                LOG.error("BUG: sweeping failed; it goes on", unforeseen);
                pause = TROUBLED_MILLIS;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Sweeps the tags that are due; whether there were any. */
    boolean work() {
        List<TagStore.Due> due = store.due(TAGS_AT_ONCE);
        heldUntil.values().removeIf(until -> until < System.nanoTime());
        boolean worked = false;
        for (TagStore.Due tag : due) {
            if (heldUntil.containsKey(tag)) {
                continue;
            }
            worked = true;
            long held = 0;
            for (TagStore.Members members : store.members(tag.tag())) {
                held += sweep(tag.tag(), members);
            }
            if (held == 0) {
                store.swept(tag);
            } else {
                heldUntil.put(tag, System.nanoTime() + HELD_NANOS);
            }
        }
        if (System.nanoTime() - prunedAt > PRUNE_EVERY_NANOS) {
            pruneFrom = store.prune(pruneFrom);
            prunedAt = System.nanoTime();
        }
        return worked;
    }

    /**
     * No more members than there were at the beginning: who is right goes to the end of the list and would come again. Answers
     * how many are to be swept again.
     */
    private long sweep(String tag, TagStore.Members members) {
        long left = members.count();
        long held = 0;
        while (left > 0 && !closed) {
            TagStore.Swept swept = store.sweep(tag, members.list(), (int) Math.min(left, AT_ONCE));
            stats.swept(swept.removed());
            held += swept.held();
            left = swept.taken() == 0 ? 0 : left - swept.taken();
        }
        return held;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
