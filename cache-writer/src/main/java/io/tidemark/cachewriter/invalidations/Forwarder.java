package io.tidemark.cachewriter.invalidations;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.invalidations.InvalidationSink.SinkException;
import io.tidemark.cachewriter.invalidations.InvalidationStream.Portion;
import io.tidemark.cachewriter.stats.WriterStats;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts every record of the invalidation stream on Kafka, at least once and in order, and a {@code reset} where some may be
 * missing. Owns a thread, {@code invalidations}. One of several works at a time; when it dies another goes on from what was
 * put there last.
 */
public final class Forwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration TURN = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 500;
    private static final long KEEP_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int AT_ONCE = 200;
    /** So many records in one go are a bulk of changes: more come at once, and a request to Kafka costs as much for few as for many. */
    private static final int MANY = 4;

    private static final long GROW_MILLIS = 50;

    private final InvalidationStream stream;
    private final InvalidationSink sink;
    private final int length;
    private final WriterStats stats;
    private final BooleanSupplier isOpen;
    private final String worker = UUID.randomUUID().toString();
    private final Thread thread = new Thread(this::run, "invalidations");
    private volatile boolean closed;
    private String done = "";
    private String said = "";
    private long keptAt = System.nanoTime() - KEEP_EVERY_NANOS;

    /**
     * @param length about how many records the stream is to keep; 0 for no stream
     * @param isOpen whether Redis and Kafka are ready for work
     */
    public Forwarder(
            InvalidationStream stream, InvalidationSink sink, int length, WriterStats stats, BooleanSupplier isOpen) {
        this.stream = stream;
        this.sink = sink;
        this.length = length;
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
            long pause = PAUSE_MILLIS;
            try {
                pause = isOpen.getAsBoolean() ? work() : PAUSE_MILLIS;
                said = "";
            } catch (EntriesException redisAway) {
                LOG.debug("invalidations wait for Redis: {}", redisAway.getMessage());
            } catch (SinkException kafkaAway) {
                sayOnce(String.valueOf(kafkaAway.getMessage()));
            } catch (RuntimeException unforeseen) {
                LOG.error("BUG: invalidations were not put on Kafka; it is tried again", unforeseen);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Puts what is there on Kafka, or waits until something is; answers for how many milliseconds to leave it then. */
    private long work() {
        // A Redis that was emptied has forgotten it.
        if (System.nanoTime() - keptAt >= KEEP_EVERY_NANOS) {
            stream.keep(length);
            keptAt = System.nanoTime();
        }
        if (length == 0) {
            return PAUSE_MILLIS;
        }
        Portion portion = stream.take(worker, TURN, done, AT_ONCE);
        switch (portion.turn()) {
            case MINE_AFTER_A_GAP -> put(List.of(Invalidation.reset(idOf(portion.where()))), portion.where());
            case MINE -> {
                if (!portion.records().isEmpty()) {
                    put(portion.records(), portion.where());
                    return portion.records().size() < MANY || portion.hasMore() ? 0 : GROW_MILLIS;
                } else if (!portion.hasMore()) {
                    done = portion.where();
                    stream.await(portion.where(), LONGEST_WAIT);
                }
            }
            case OTHERS, NOBODYS -> {
                done = "";
                return PAUSE_MILLIS;
            }
        }
        return 0;
    }

    private void put(List<Invalidation> invalidations, String where) {
        sink.put(invalidations);
        done = where;
        stats.invalidationsForwarded(invalidations.size());
    }

    private static String idOf(String where) {
        return where.substring(0, where.indexOf(' '));
    }

    private void sayOnce(String problem) {
        if (!problem.equals(said)) {
            LOG.warn("invalidations wait in Redis: {}", problem);
            said = problem;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
