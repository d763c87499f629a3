package io.tidemark.reconciler.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.pipeline.SearchData;
import io.tidemark.core.pipeline.SearchData.Kind;
import io.tidemark.reconciler.writer.CacheWriterClient;
import io.tidemark.reconciler.writer.CacheWriterClient.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the search data read again as a whole, kind by kind, by cache-writer; readers find every key all the time. One re-sync at
 * a time, whichever reconciler is asked. Thread-safe; owns the thread {@code search-sync}.
 */
public final class SearchSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchSync.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final SearchData data;
    private final CacheWriterClient writer;
    private final Supplier<SearchStore> store;
    private final InstantSource clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread one = new Thread(task, "search-sync");
        one.setDaemon(true);
        return one;
    });

    /** @param store throws {@link IllegalStateException} before Redis is connected */
    public SearchSync(SearchData data, CacheWriterClient writer, Supplier<SearchStore> store, InstantSource clock) {
        this.data = data;
        this.writer = writer;
        this.store = store;
        this.clock = clock;
    }

    /** A re-sync runs already. */
    public static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;

        BusyException() {
            super("a re-sync of the search data runs already");
        }
    }

    public SearchData data() {
        return data;
    }

    /**
     * Begins a re-sync of these kinds and returns.
     *
     * @throws BusyException when one runs
     */
    public void begin(List<Kind> kinds) throws BusyException {
        if (store.get().isRunning()) {
            throw new BusyException();
        }
        thread.execute(() -> {
            try {
                run(kinds);
            } catch (BusyException | RefusedException said) {
                LOG.warn("search data is not re-synced: {}", said.getMessage());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException redisAway) {
                LOG.warn("search data is not re-synced: {}", redisAway.getMessage());
            }
        });
    }

    /**
     * Re-syncs these kinds.
     *
     * @return what there is now, as {@link #status} has it
     * @throws RefusedException when cache-writer could not do all of it
     */
    public ObjectNode run(List<Kind> kinds) throws BusyException, RefusedException, InterruptedException {
        SearchStore kept = store.get();
        Optional<SearchStore.Right> right = kept.right();
        if (right.isEmpty()) {
            throw new BusyException();
        }
        try (SearchStore.Right held = right.get()) {
            Map<String, String> status = new LinkedHashMap<>(kept.status());
            Instant began = clock.instant();
            status.put("state", "running");
            status.put("began", began.truncatedTo(ChronoUnit.MILLIS).toString());
            status.put(
                    "running", String.join(" ", kinds.stream().map(Kind::text).toList()));
            kept.keep(status);
            @Nullable String failure = "the service ended meanwhile";
            try {
                for (Kind kind : kinds) {
                    status.put("count." + kind.text(), Long.toString(resync(kind)));
                }
                failure = null;
                status.put(
                        "last_sync",
                        clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            } catch (RefusedException refused) {
                failure = String.valueOf(refused.getMessage());
                throw refused;
            } finally {
                status.put("state", failure == null ? "done" : "failed");
                status.put("error", failure == null ? "" : failure);
                status.put(
                        "duration_ms",
                        Long.toString(Duration.between(began, clock.instant()).toMillis()));
                status.put("running", "");
                kept.keep(status);
            }
            return status();
        }
    }

    private long resync(Kind kind) throws RefusedException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("force", true);
        data.of(kind).forEach(body.putArray("caches")::add);
        JsonNode job = writer.job("/api/cache/resync", body);
        long count = 0;
        for (JsonNode cache : job.path("caches")) {
            if (!cache.path("success").asBoolean()) {
                throw new RefusedException("cache " + cache.path("cache").asText() + " is not resynced: "
                        + cache.path("error").asText());
            }
            count += cache.path("product_count").asLong();
        }
        return count;
    }

    /** When it was last re-synced, how long that took, how many rows of each kind, and how it stands. */
    public ObjectNode status() {
        Map<String, String> kept = store.get().status();
        boolean running = store.get().isRunning();
        ObjectNode json = JSON.createObjectNode();
        String state = kept.getOrDefault("state", "never");
        // Whoever was killed in the middle could not say so.
        json.put("state", running ? "running" : state.equals("running") ? "interrupted" : state);
        put(json, "last_sync", kept.get("last_sync"));
        if (kept.containsKey("duration_ms")) {
            json.put("duration_ms", Long.parseLong(kept.get("duration_ms")));
        } else {
            json.putNull("duration_ms");
        }
        ObjectNode counts = json.putObject("counts");
        for (Kind kind : data.kinds().keySet()) {
            String count = kept.get("count." + kind.text());
            if (count == null) {
                counts.putNull(kind.text());
            } else {
                counts.put(kind.text(), Long.parseLong(count));
            }
        }
        put(json, "began", kept.get("began"));
        put(json, "running", kept.get("running"));
        put(json, "error", kept.get("error"));
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        json.put(name, value == null || value.isEmpty() ? null : value);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
