package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.pipeline.Pipeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients have counted of their reads and fills since Redis began, as it was ten seconds ago at most: for the metrics, which
 * must not wait for Redis. Owns the thread {@code client-operations}; others only read.
 */
public final class ClientOperations implements AutoCloseable {
    /** What clients count, by the names that the contract gives it. */
    public static final List<String> COUNTED = List.of("hits", "misses", "waits", "olds", "filled", "refused");

    /** All caches together that the pipeline file does not name: anybody makes names. No cache is called so. */
    public static final String OTHER = "(other)";

    private static final Logger LOG = LoggerFactory.getLogger(ClientOperations.class);
    private static final int EVERY_SECONDS = 10;

    private final Supplier<Map<String, Map<String, Long>>> counts;
    private final Map<String, String> caches;
    private final BooleanSupplier isOpen;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "client-operations");
        one.setDaemon(true);
        return one;
    });
    private volatile Map<String, Map<String, Long>> last = Map.of();

    /**
     * @param counts what is counted now, by the name that clients know and by what
     * @param caches the caches of the pipeline file, by the names under which clients count them
     * @param isOpen whether Redis is ready for work
     */
    ClientOperations(
            Supplier<Map<String, Map<String, Long>>> counts, Map<String, String> caches, BooleanSupplier isOpen) {
        this.counts = counts;
        this.caches = Map.copyOf(caches);
        this.isOpen = isOpen;
    }

    /** Of the caches of a pipeline; asks from now on. */
    public static ClientOperations begin(Keyspace keyspace, Pipeline pipeline, BooleanSupplier isOpen) {
        Map<String, String> caches = new HashMap<>();
        pipeline.caches().forEach(cache -> name(caches, cache.name(), cache.key()));
        pipeline.queries().caches().forEach(query -> name(caches, query.name(), query.key()));
        ClientOperations operations = new ClientOperations(keyspace::clientCounts, caches, isOpen);
        operations.thread.scheduleWithFixedDelay(operations::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
        return operations;
    }

    private static void name(Map<String, String> caches, String cache, KeyTemplate key) {
        CountedNames.of(cache, key).forEach(counted -> caches.put(counted, cache));
    }

    /** Asks Redis once. */
    void look() {
        try {
            if (isOpen.getAsBoolean()) {
                last = byCache(counts.get());
            }
        } catch (EntriesException redisAway) {
            LOG.debug("clients' counts are as they were: {}", redisAway.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: clients' counts were not read; it is tried again", unforeseen);
        }
    }

    private Map<String, Map<String, Long>> byCache(Map<String, Map<String, Long>> counted) {
        Map<String, Map<String, Long>> sums = new HashMap<>();
        counted.forEach((name, of) -> {
            Map<String, Long> sum = sums.computeIfAbsent(caches.getOrDefault(name, OTHER), cache -> new HashMap<>());
            of.forEach((what, count) -> sum.merge(what, count, Long::sum));
        });
        return sums;
    }

    /** The caches that are told apart, without {@link #OTHER}. */
    public Set<String> caches() {
        return Set.copyOf(caches.values());
    }

    /**
     * @param cache one of {@link #caches} or {@link #OTHER}
     * @param what one of {@link #COUNTED}
     * @return how often, 0 when nobody has counted it
     */
    public long count(String cache, String what) {
        return last.getOrDefault(cache, Map.of()).getOrDefault(what, 0L);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
