package io.tidemark.reconciler.canary;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes one row twice a second, and watches Redis until the change can be read there, on a thread of its own. It does so only where
 * the pipeline file has a cache named {@value #CACHE}. Figures may be read by any thread.
 */
public final class Canary implements AutoCloseable {
    /** The cache that permits it. */
    public static final String CACHE = "tidemark-canary";

    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final long PAUSE_MILLIS = 500;
    private static final long LOOK_EVERY_MILLIS = 4;
    private static final long LONG_PAUSE_MILLIS = 5_000;
    private static final int REMEMBERED = 120;

    private final Row row;
    private final Entry entry;
    private final BooleanSupplier isReady;
    private final Deque<Double> flights = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "canary");
    private volatile boolean closed;
    private volatile long sentNanos;
    private volatile @Nullable String problem = "none was sent yet";

    /** The row in PostgreSQL; used by one thread. */
    public interface Row extends AutoCloseable {

        /** Commits a beat. */
        void send(long beat) throws SQLException;

        @Override
        void close();
    }

    /** The row's entry in Redis. */
    @FunctionalInterface
    public interface Entry {

        /** The beat that can be read now; empty when there is none. */
        OptionalLong beat();
    }

    /** @param isReady whether PostgreSQL and Redis are there */
    public Canary(Row row, Entry entry, BooleanSupplier isReady) {
        this.row = row;
        this.entry = entry;
        this.isReady = isReady;
        thread.setDaemon(true);
    }

    public void begin() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                if (isReady.getAsBoolean()) {
                    fly();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
        row.close();
    }

    private void fly() throws InterruptedException {
        try {
            long beat = System.currentTimeMillis();
            row.send(beat);
            long sent = System.nanoTime();
            sentNanos = sent;
            problem = null;
            while (entry.beat().orElse(0) < beat) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
            landed((System.nanoTime() - sent) / 1e6);
        } catch (SQLException | RuntimeException failed) {
            String why = "the canary cannot be sent: " + failed.getMessage();
            if (!why.equals(problem)) {
                LOG.warn("{}", why);
            }
            problem = why;
            TimeUnit.MILLISECONDS.sleep(LONG_PAUSE_MILLIS);
        } finally {
            sentNanos = 0;
        }
    }

    private void landed(double millis) {
        synchronized (flights) {
            flights.addLast(millis);
            if (flights.size() > REMEMBERED) {
                flights.removeFirst();
            }
        }
    }

    /** How long it took of late. */
    public CanaryFigures figures() {
        List<Double> all;
        synchronized (flights) {
            all = new ArrayList<>(flights);
        }
        Double last = all.isEmpty() ? null : all.get(all.size() - 1);
        Collections.sort(all);
        long sent = sentNanos;
        long waiting = sent == 0 ? 0 : Math.max(0, (System.nanoTime() - sent) / 1_000_000);
        return new CanaryFigures(all.size(), last, part(all, 0.5), part(all, 0.99), waiting, problem);
    }

    private static @Nullable Double part(List<Double> sorted, double part) {
        return sorted.isEmpty()
                ? null
                : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * part)));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
