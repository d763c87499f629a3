package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.jobs.RefusedException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the warmings of the start once changes are applied, goes on with those that were cut short, and lets what is asked for
 * most age. Owns the thread {@code warm-watch}.
 */
public final class WarmWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmWatch.class);
    private static final long EVERY_SECONDS = 2;

    private final Warming warming;
    private final Asked asked;
    private final BooleanSupplier isOpen;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "warm-watch");
        one.setDaemon(true);
        return one;
    });
    private boolean started;

    /** @param isOpen whether changes are applied yet */
    public WarmWatch(Warming warming, Asked asked, BooleanSupplier isOpen) {
        this.warming = warming;
        this.asked = asked;
        this.isOpen = isOpen;
    }

    /** Begins; returns at once. */
    public void begin() {
        thread.scheduleWithFixedDelay(this::look, 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        if (!isOpen.getAsBoolean()) {
            return;
        }
        try {
            if (!started) {
                warming.atStart();
                started = true;
            }
            warming.resume();
            asked.tidyIfDue();
        } catch (EntriesException | RefusedException later) {
            LOG.debug("warmings wait: {}", later.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: warmings could not be looked after; it is tried again", unforeseen);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
