package io.tidemark.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks cache-writer how old its caches are, has them resynced, and reads through them: an application that finds its list of
 * products old or gone has it made right, and then reads it. Thread-safe.
 *
 * <pre>{@code
 * Resyncs resyncs = new Resyncs(URI.create("http://cache-writer:8081"), token, Duration.ofSeconds(10));
 * List<Product> products = resyncs.read("pos-products", force, () -> fromRedis(), () -> fromDatabase());
 * }</pre>
 */
public final class Resyncs {
    private static final Logger LOG = LoggerFactory.getLogger(Resyncs.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ONE_ANSWER = Duration.ofSeconds(10);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(2))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String url;
    private final String token;
    private final Duration longest;
    private final Map<String, Long> lookedAt = new ConcurrentHashMap<>();
    private final Map<String, Long> missedAt = new ConcurrentHashMap<>();

    /**
     * @param cacheWriter where cache-writer answers, such as {@code http://127.0.0.1:8081}
     * @param token an operator's
     * @param longest how long to wait for a resync; it goes on after that
     */
    public Resyncs(URI cacheWriter, String token, Duration longest) {
        this.url = cacheWriter.toString().replaceAll("/+$", "");
        this.token = token;
        this.longest = longest;
    }

    /**
     * How a cache stands.
     *
     * @throws IOException when cache-writer does not answer or knows no such cache
     */
    public CacheState state(String cache) throws IOException, InterruptedException {
        JsonNode state = asked("GET", "/api/cache/resync/" + cache, "");
        JsonNode seconds = state.path("interval_seconds");
        return new CacheState(
                cache,
                state.path("exists").asBoolean(),
                state.path("product_count").asLong(),
                instant(state.path("last_sync")).orElse(null),
                seconds.isNumber() ? Duration.ofSeconds(seconds.asLong()) : null,
                state.path("needs_resync").asBoolean());
    }

    /** Whether a resync is due. */
    public boolean needsResync(String cache) throws IOException, InterruptedException {
        return asked("GET", "/api/cache/resync/" + cache + "/needed", "")
                .path("needs_resync")
                .asBoolean();
    }

    /** When the last good resync ended; empty for never. */
    public Optional<Instant> lastSync(String cache) throws IOException, InterruptedException {
        return instant(
                asked("GET", "/api/cache/resync/" + cache + "/last-sync", "").path("last_sync"));
    }

    /**
     * Has a cache resynced, if that is due or forced, and waits until it is.
     *
     * @throws IOException when cache-writer does not answer, refuses, or is not done in the longest time
     */
    public ResyncResult resync(String cache, boolean force) throws IOException, InterruptedException {
        ObjectNode wish = JSON.createObjectNode().put("force", force);
        wish.putArray("caches").add(cache);
        long end = System.nanoTime() + longest.toNanos();
        JsonNode job = asked("POST", "/api/cache/resync", wish.toString());
        String href = job.path("href").asText();
        while (job.path("state").asText().matches("waiting|running")) {
            if (System.nanoTime() > end) {
                throw new IOException("the resync of cache " + cache + " is not over after " + longest.toSeconds()
                        + " s; it goes on");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            job = asked("GET", href, "");
        }
        if (job.path("state").asText().equals("fresh")) {
            return new ResyncResult(true, "fresh", state(cache).count(), 0, 0, Duration.ZERO, null);
        }
        JsonNode told = job.path("caches").path(0);
        if (told.isMissingNode()) {
            return ResyncResult.failed("failed", job.path("error").asText("the job is " + job.path("state")));
        }
        return new ResyncResult(
                told.path("success").asBoolean(),
                told.path("outcome").asText(),
                told.path("product_count").asLong(),
                told.path("written").asLong(),
                told.path("removed").asLong(),
                Duration.ofMillis(told.path("duration_ms").asLong()),
                told.path("error").isTextual() ? told.path("error").asText() : null);
    }

    /**
     * Reads through a cache: has it resynced first when that is forced, or when a resync is due or nothing is found, each of which
     * is acted on once in ten seconds at most; and reads the database where nothing is found even then. A cache-writer that is away makes
     * no read fail. The database's answer is not put into the cache, which cache-writer alone writes.
     *
     * @param fromCache reads the cache; answers null for nothing
     * @param fromDatabase reads the database
     */
    public <T> T read(String cache, boolean force, Supplier<? extends @Nullable T> fromCache, Supplier<T> fromDatabase)
            throws InterruptedException {
        boolean resynced = (force || isFirst(lookedAt, cache) && isDue(cache)) && isResynced(cache, force);
        T found = fromCache.get();
        if (found == null && !resynced && isFirst(missedAt, cache) && isResynced(cache, true)) {
            found = fromCache.get();
        }
        return found == null ? fromDatabase.get() : found;
    }

    /** Whether nobody has come within ten seconds, so that a crowd asks once. */
    private static boolean isFirst(Map<String, Long> when, String cache) {
        long now = System.nanoTime();
        boolean[] first = {false};
        when.compute(cache, (name, last) -> {
            first[0] = last == null || now - last >= AGAIN_AFTER.toNanos();
            return first[0] ? Long.valueOf(now) : last;
        });
        return first[0];
    }

    private boolean isDue(String cache) throws InterruptedException {
        try {
            return needsResync(cache);
        } catch (IOException away) {
            LOG.warn("whether cache {} needs a resync cannot be said: {}", cache, away.getMessage());
            return false;
        }
    }

    private boolean isResynced(String cache, boolean force) throws InterruptedException {
        try {
            ResyncResult result = resync(cache, force);
            if (!result.success()) {
                LOG.warn("cache {} is not resynced: {}", cache, result.error());
            }
            return result.success();
        } catch (IOException away) {
            LOG.warn("cache {} is not resynced: {}", cache, away.getMessage());
            return false;
        }
    }

    private JsonNode asked(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .timeout(ONE_ANSWER)
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("cache-writer answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private static Optional<Instant> instant(JsonNode text) {
        return text.isTextual() && !text.asText().isEmpty()
                ? Optional.of(Instant.parse(text.asText()))
                : Optional.empty();
    }
}
