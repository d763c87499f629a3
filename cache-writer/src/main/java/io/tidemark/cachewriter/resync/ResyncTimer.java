package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.pipeline.ResyncSettings;
import io.tidemark.core.pipeline.ResyncSettings.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The net: has caches resynced whose interval is over. Looks once a second; owns the thread {@code resync-timer}. Every
 * cache-writer has one, and the first that looks does it.
 */
public final class ResyncTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResyncTimer.class);
    private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(1);

    private final Resyncs resyncs;
    private final ResyncStore store;
    private final BooleanSupplier isOpen;
    private final InstantSource clock;
    private final Map<String, Instant> tried = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "resync-timer");
        one.setDaemon(true);
        return one;
    });
    private @Nullable Job last;

    /** @param isOpen whether changes are applied yet */
    public ResyncTimer(Resyncs resyncs, ResyncStore store, BooleanSupplier isOpen, InstantSource clock) {
        this.resyncs = resyncs;
        this.store = store;
        this.isOpen = isOpen;
        this.clock = clock;
    }

    /** Begins; returns at once. */
    public void begin() {
        thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            if (isOpen.getAsBoolean() && (last == null || last.state().isOver())) {
                List<String> due = due(clock.instant());
                if (!due.isEmpty()) {
                    last = resyncs.submitByTime(due);
                }
            }
        } catch (EntriesException redisAway) {
            LOG.debug("Redis could not be asked what is due: {}", redisAway.getMessage());
        } catch (RefusedException full) {
            LOG.debug("not resynced yet: {}", full.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: nobody looked whether a resync is due; it is tried again", unforeseen);
        }
    }

    /** The caches whose time has come, not tried just now. */
    private List<String> due(Instant now) {
        List<String> due = new ArrayList<>();
        for (String cache : resyncs.names()) {
            ResyncSettings settings = resyncs.settings(cache);
            if (settings.interval() != null && isDue(cache, settings, now)) {
                Instant before = tried.get(cache);
                if (before == null || !before.plus(AFTER_A_FAILURE).isAfter(now)) {
                    tried.put(cache, now);
                    due.add(cache);
                }
            }
        }
        return due;
    }

    /** A cache that changes keep is right from its beginning on, and one without them is empty. */
    private boolean isDue(String cache, ResyncSettings settings, Instant now) {
        Instant lastSync = store.last(cache).lastSync();
        if (lastSync == null && settings.strategy() == Strategy.HYBRID) {
            lastSync = store.since(cache, now);
        }
        boolean due = settings.isDue(lastSync, now);
        if (!due) {
            tried.remove(cache);
        }
        return due;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
