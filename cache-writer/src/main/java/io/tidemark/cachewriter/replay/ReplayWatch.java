package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.past.History;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after replays every few seconds: keeps the right to those that run here, goes on with those that nobody runs. Owns a thread. */
public final class ReplayWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayWatch.class);
    private static final long EVERY_SECONDS = 3;

    private final Replays replays;
    private final BooleanSupplier isOpen;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "replay-watch");
        one.setDaemon(true);
        return one;
    });

    /** @param isOpen whether entries can be written */
    public ReplayWatch(Replays replays, BooleanSupplier isOpen) {
        this.replays = replays;
        this.isOpen = isOpen;
    }

    public void begin() {
        thread.scheduleWithFixedDelay(this::look, 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            if (isOpen.getAsBoolean()) {
                replays.look();
            }
        } catch (EntriesException | History.AwayException away) {
            LOG.debug("replays are looked after later: {}", away.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: replays could not be looked after", unforeseen);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
