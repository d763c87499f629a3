package io.tidemark.client.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.near.Copies;
import io.tidemark.client.near.NearSettings;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RFunction;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadArgs;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops copies as the invalidation stream says. Owns a thread, {@code tidemark-near}; takes one connection of the Redisson client
 * for its blocking reads.
 *
 * <p>It remembers the place that it was told last. Redis itself says whether everything after that place is there; if not, all
 * copies are dropped. What was asked at a moment and answered says everything up to that moment, so a lost connection is seen by
 * the time that passes without an answer.
 */
final class InvalidationFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InvalidationFollower.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 200;
    private static final long PAUSE_MILLIS = 50;

    private final RedissonClient redisson;
    private final RFunction functions;
    private final RStream<String, String> stream;
    private final Copies copies;
    private final Duration bound;
    private final Duration wait;
    private final Thread thread = new Thread(this::run, "tidemark-near");
    private volatile boolean closed;
    private String where = "";
    private boolean wasAway;

    InvalidationFollower(RedissonClient redisson, Copies copies, NearSettings settings) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(StringCodec.INSTANCE);
        this.stream = redisson.getStream(Tag.STREAM, StringCodec.INSTANCE);
        this.copies = copies;
        this.bound = settings.bound();
        // So that an idle stream gives word several times within the bound.
        this.wait = settings.bound().dividedBy(4);
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                boolean wait = follow();
                wasAway = false;
                if (wait) {
                    waitForMore();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException | RedisException away) {
                sayAway(away);
                pause();
            } catch (RuntimeException unforeseen) {
                LOG.error("BUG: invalidations could not be followed; copies are dropped", unforeseen);
                copies.forget();
                where = "";
                pause();
            }
        }
    }

    /** Takes what was said since the last time; whether that was all. */
    private boolean follow() throws InterruptedException, ExecutionException, TimeoutException {
        long asked = System.nanoTime();
        List<Object> answer = within(
                bound,
                functions.<List<Object>>callAsync(
                        Tag.BUMPS,
                        FunctionMode.WRITE,
                        FunctionLibrary.FOLLOW,
                        FunctionResult.LIST,
                        List.of(Tag.BUMPS),
                        where,
                        Integer.toString(AT_ONCE)));
        switch (String.valueOf(answer.get(0))) {
            case "on" -> ((List<?>) answer.get(3)).forEach(record -> drop((List<?>) record));
            case "reset" -> copies.reset();
            default -> {
                copies.forget();
                where = "";
                pause();
                return false;
            }
        }
        where = String.valueOf(answer.get(1));
        boolean all = ((Number) answer.get(2)).intValue() == 0;
        if (all) {
            copies.knownUpTo(asked);
        }
        return all;
    }

    private void drop(List<?> record) {
        List<?> fields = (List<?>) record.get(1);
        String kind = "";
        List<String> names = List.of();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            String field = String.valueOf(fields.get(i));
            if (field.equals("kind")) {
                kind = String.valueOf(fields.get(i + 1));
            } else if (field.equals("names")) {
                names = namesOf(String.valueOf(fields.get(i + 1)));
            }
        }
        switch (kind) {
            case "tags" -> copies.dropTags(names);
            case "keys" -> copies.dropKeys(names);
            // What a later version of the library says and this one does not know may be about anything.
            default -> copies.reset();
        }
    }

    private static List<String> namesOf(String json) {
        try {
            return List.of(JSON.readValue(json, String[].class));
        } catch (JsonProcessingException other) {
            throw new IllegalStateException("expected a JSON array of names in the invalidation stream", other);
        }
    }

    /** Returns when something was said, or after a while. */
    private void waitForMore() throws InterruptedException, ExecutionException, TimeoutException {
        String[] id = where.substring(0, where.indexOf(' ')).split("-", 2);
        StreamMessageId last = new StreamMessageId(Long.parseLong(id[0]), Long.parseLong(id[1]));
        within(
                wait.plus(bound),
                stream.readAsync(StreamReadArgs.greaterThan(last).count(1).timeout(wait)));
    }

    private static <T> T within(Duration most, CompletionStage<T> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        Future<T> future = answer.toCompletableFuture();
        try {
            return future.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            future.cancel(true);
        }
    }

    private void sayAway(Exception away) {
        if (!wasAway && !redisson.isShuttingDown()) {
            LOG.warn(
                    "the invalidation stream cannot be followed ({}); reads go to Redis until it can",
                    away.getMessage() == null ? away.getClass().getSimpleName() : away.getMessage());
        }
        wasAway = true;
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        copies.forget();
    }
}
