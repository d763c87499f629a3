package io.tidemark.cachewriter.redis;

import io.tidemark.core.document.HashFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/** Reads many hashes in one go. */
final class HashValues {
    private HashValues() {}

    /** The hashes at keys, packed, in the keys' order; null where there is none, or something of another type. */
    static List<byte @Nullable []> read(RedissonClient redisson, List<String> keys) {
        List<RFuture<Map<String, String>>> replies = new ArrayList<>(keys.size());
        RBatch batch = redisson.createBatch();
        keys.forEach(key -> replies.add(
                batch.<String, String>getMap(key, StringCodec.INSTANCE).readAllMapAsync()));
        RFuture<?> sent = batch.executeAsync();
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (RFuture<Map<String, String>> reply : replies) {
            Map<String, String> fields = fieldsOf(reply, sent);
            values.add(fields.isEmpty() ? null : HashFields.packed(new TreeMap<>(fields)));
        }
        return values;
    }

    private static Map<String, String> fieldsOf(RFuture<Map<String, String>> reply, RFuture<?> sent) {
        try {
            return reply.toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RedisException refused
                    && String.valueOf(refused.getMessage()).startsWith("WRONGTYPE")) {
                return Map.of();
            }
            sent.toCompletableFuture().exceptionally(cause -> null);
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
