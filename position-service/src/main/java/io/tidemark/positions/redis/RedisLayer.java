package io.tidemark.positions.redis;

import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.redisson.api.BatchOptions;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis as a layer: fast, and empty whenever someone clears it. Thread-safe. */
public final class RedisLayer implements PositionLayer, AutoCloseable {
    /** Present as long as this life of the data set lasts. */
    public static final String INCARNATION_KEY = "tm:positions:incarnation";

    private static final Logger LOG = LoggerFactory.getLogger(RedisLayer.class);

    private final RedissonClient redisson;
    private final PositionsLibrary library = new PositionsLibrary();

    /** The positions in that Redis, which is connected to when first asked. */
    public static RedisLayer of(RedisSettings.Server server) {
        return new RedisLayer(RedisClients.lazily(server));
    }

    /** Nothing is asked of Redis yet; {@link #close()} closes the client. */
    RedisLayer(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public Layer layer() {
        return Layer.REDIS;
    }

    @Override
    public Map<StoreId, Checkpoint> read(Collection<StoreId> stores) {
        Map<StoreId, RFuture<Map<String, String>>> asked = new LinkedHashMap<>();
        return asking("read", () -> {
            RBatch batch = redisson.createBatch(BatchOptions.defaults());
            asked.clear();
            for (StoreId store : stores) {
                asked.put(
                        store,
                        batch.<String, String>getMap(PositionHash.key(store), StringCodec.INSTANCE)
                                .readAllMapAsync());
            }
            executeQuietly(batch);
            Map<StoreId, Checkpoint> found = new HashMap<>();
            asked.forEach((store, answer) -> understand(store, answer, found));
            return found;
        });
    }

    @Override
    public Map<StoreId, Verdict> write(Collection<Checkpoint> checkpoints) {
        return asking("written", () -> {
            try {
                return put(checkpoints);
            } catch (RedisException perhapsWithoutLibrary) {
                // A Redis that was started anew has lost the functions; a put may be sent twice.
                if (!library.ensureLoaded(redisson)) {
                    throw perhapsWithoutLibrary;
                }
                return put(checkpoints);
            }
        });
    }

    /** The name of this life of Redis's data; another name than last time means everything in it was lost. */
    public String incarnation() {
        return asking("read", () -> {
            String candidate = UUID.randomUUID().toString();
            try {
                return incarnation(candidate);
            } catch (RedisException perhapsWithoutLibrary) {
                if (!library.ensureLoaded(redisson)) {
                    throw perhapsWithoutLibrary;
                }
                return incarnation(candidate);
            }
        });
    }

    @Override
    public void close() {
        redisson.shutdown();
    }

    private String incarnation(String candidate) {
        return redisson.getFunction(StringCodec.INSTANCE)
                .call(
                        INCARNATION_KEY,
                        FunctionMode.WRITE,
                        PositionsLibrary.INCARNATION,
                        FunctionResult.VALUE,
                        List.of(INCARNATION_KEY),
                        candidate);
    }

    private Map<StoreId, Verdict> put(Collection<Checkpoint> checkpoints) {
        return checkpoints.size() == 1 ? putOne(checkpoints.iterator().next()) : putAll(checkpoints);
    }

    /** A batch costs more than the one call in it would. */
    private Map<StoreId, Verdict> putOne(Checkpoint checkpoint) {
        StoreId store = checkpoint.position().store();
        String key = PositionHash.key(store);
        String verdict = redisson.getFunction(StringCodec.INSTANCE)
                .call(
                        key,
                        FunctionMode.WRITE,
                        PositionsLibrary.PUT,
                        FunctionResult.VALUE,
                        List.of(key),
                        PositionHash.write(checkpoint).toArray());
        return Map.of(store, verdict(verdict));
    }

    private Map<StoreId, Verdict> putAll(Collection<Checkpoint> checkpoints) {
        RBatch batch = redisson.createBatch(BatchOptions.defaults());
        Map<StoreId, RFuture<String>> asked = new LinkedHashMap<>();
        for (Checkpoint checkpoint : checkpoints) {
            StoreId store = checkpoint.position().store();
            String key = PositionHash.key(store);
            asked.put(
                    store,
                    batch.getFunction(StringCodec.INSTANCE)
                            .callAsync(
                                    key,
                                    FunctionMode.WRITE,
                                    PositionsLibrary.PUT,
                                    FunctionResult.VALUE,
                                    List.of(key),
                                    PositionHash.write(checkpoint).toArray()));
        }
        batch.execute();
        Map<StoreId, Verdict> verdicts = new HashMap<>();
        asked.forEach((store, answer) ->
                verdicts.put(store, verdict(answer.toCompletableFuture().join())));
        return verdicts;
    }

    private static Verdict verdict(String word) {
        return Verdict.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Each answer is looked at by itself, so that one key of a wrong type does not hide the others. */
    private static void executeQuietly(RBatch batch) {
        try {
            batch.execute();
        } catch (RedisException oneOfThemFailed) {
            LOG.debug("a batch was answered with an error", oneOfThemFailed);
        }
    }

    private static void understand(StoreId store, RFuture<Map<String, String>> answer, Map<StoreId, Checkpoint> found) {
        Map<String, String> hash = hash(store, answer);
        if (hash.isEmpty()) {
            return;
        }
        try {
            Checkpoint checkpoint = PositionHash.read(store, hash);
            found.put(store, new Checkpoint(checkpoint.position(), checkpoint.reflects()));
        } catch (IllegalArgumentException unreadable) {
            LOG.warn(
                    "what Redis holds of store {} is no position and counts as missing: {}",
                    store,
                    unreadable.getMessage());
        }
    }

    private static Map<String, String> hash(StoreId store, RFuture<Map<String, String>> answer) {
        try {
            return answer.toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RedisTimeoutException
                    || failed.getCause() instanceof RedisConnectionException) {
                throw (RedisException) failed.getCause();
            }
            LOG.warn("what Redis holds of store {} cannot be read and counts as missing", store, failed.getCause());
            return Map.of();
        }
    }

    private static <T> T asking(String done, Supplier<T> question) {
        try {
            return question.get();
        } catch (RedisException | CompletionException failed) {
            Throwable cause =
                    failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
            throw new LayerUnavailableException(
                    Layer.REDIS,
                    "positions in Redis could not be " + done + " ("
                            + cause.getClass().getSimpleName() + ": " + cause.getMessage()
                            + "); check that Redis is up and may be written to",
                    failed);
        }
    }
}
