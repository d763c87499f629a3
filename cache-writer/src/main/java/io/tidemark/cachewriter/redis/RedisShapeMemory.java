package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.table.ShapeMemory;
import java.util.Optional;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

/** Keeps fingerprints in Redis itself, at {@code tm:shape:<cache>}: they are lost when the entries are. Thread-safe. */
final class RedisShapeMemory implements ShapeMemory {
    private static final String PREFIX = "tm:shape:";

    private final RedissonClient redisson;

    public RedisShapeMemory(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public Optional<String> fingerprintOf(String cache) {
        try {
            byte[] found = redisson.<byte[]>getBucket(PREFIX + cache, RawCodec.INSTANCE)
                    .get();
            return Optional.ofNullable(found).map(bytes -> new String(bytes, UTF_8));
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }

    @Override
    public void remember(String cache, String fingerprint) {
        try {
            redisson.<byte[]>getBucket(PREFIX + cache, RawCodec.INSTANCE).set(fingerprint.getBytes(UTF_8));
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
