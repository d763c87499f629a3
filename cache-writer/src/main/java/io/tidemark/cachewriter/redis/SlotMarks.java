package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.Incarnations;
import io.tidemark.core.contract.Slot;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * A mark in every slot of a Redis Cluster, by which a master sees, in the same step as it writes, that it has not lost its data in the
 * life that is written for. Thread-safe.
 *
 * <p>The marks are put first and the life is asked for then: so every mark was put in this life, and is lost with it. They are this
 * object's own, and each time others, so that nobody writes by a mark that was put too late. They go by themselves after a day.
 */
final class SlotMarks {
    private static final String KEY = "tm.life:{";
    private static final Duration KEPT = Duration.ofDays(1);
    /** Half the life of a mark: a rebuild that takes longer has new ones put. */
    private static final long USED_NANOS = KEPT.dividedBy(2).toNanos();

    private static final int AT_ONCE = 2_048;
    private static final String[] NAMES = names();

    private final RedissonClient redisson;
    private final Incarnations incarnations;
    private final String owner = UUID.randomUUID().toString().substring(0, 8);
    private volatile @Nullable Marked marked;

    private record Marked(String life, String mark, long sinceNanos) {

        boolean isGoodFor(String other) {
            return life.equals(other) && System.nanoTime() - sinceNanos < USED_NANOS;
        }
    }

    SlotMarks(RedissonClient redisson, Incarnations incarnations) {
        this.redisson = redisson;
        this.incarnations = incarnations;
    }

    /**
     * What the marks hold; puts them when the life is another than the last time.
     *
     * @throws EntriesException when another life has begun, or Redis cannot be asked
     */
    String of(String life) {
        Marked known = marked;
        return known != null && known.isGoodFor(life) ? known.mark() : put(life);
    }

    /** Has them put anew the next time. */
    void doubt() {
        marked = null;
    }

    /** Mark and key, as the functions ask for them. */
    List<byte[]> question(String mark, int slot) {
        return List.of(mark.getBytes(UTF_8), key(slot).getBytes(UTF_8));
    }

    private synchronized String put(String life) {
        Marked known = marked;
        if (known != null && known.isGoodFor(life)) {
            return known.mark();
        }
        marked = null;
        String mark = UUID.randomUUID().toString();
        long now = System.nanoTime();
        for (int from = 0; from < Slot.COUNT; from += AT_ONCE) {
            RBatch batch = redisson.createBatch();
            for (int slot = from; slot < from + AT_ONCE; slot++) {
                batch.<String>getBucket(key(slot), StringCodec.INSTANCE).setAsync(mark, KEPT);
            }
            batch.execute();
        }
        if (!incarnations.current().equals(life)) {
            throw new EntriesException("the Redis Cluster has begun another life", null);
        }
        marked = new Marked(life, mark, now);
        return mark;
    }

    private String key(int slot) {
        return KEY + NAMES[slot] + "}:" + owner;
    }

    /** For each slot a short text that lies in it. */
    private static String[] names() {
        String[] names = new String[Slot.COUNT];
        int found = 0;
        for (int i = 0; found < names.length; i++) {
            String name = Integer.toString(i, Character.MAX_RADIX);
            int slot = Slot.of(name);
            if (names[slot] == null) {
                names[slot] = name;
                found++;
            }
        }
        return names;
    }
}
