package io.tidemark.client.redis;

import io.tidemark.client.Counters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.redisson.api.RBatch;
import org.redisson.api.RScoredSortedSetAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Adds what one client counted to what others have counted: sums to {@code tm.stats:<cache>}, keys that were asked for to {@code
 * tm.asked:<cache>}. What cannot be told now is lost: these are figures, not facts. Thread-safe.
 */
final class CountTeller {
    private static final String STATS = "tm.stats:";
    private static final String ASKED = "tm.asked:";

    /** More keys than that are never kept of a cache; cache-writer lets those go that are asked for no more. */
    private static final int MOST_ASKED = 10_000;

    private final RedissonClient redisson;
    private final Counters counters;

    CountTeller(RedissonClient redisson, Counters counters) {
        this.redisson = redisson;
        this.counters = counters;
    }

    void tell() {
        try {
            counters.takeNew().forEach((cache, by) -> {
                // Whoever shows figures would otherwise have to search all of Redis for the caches' names.
                redisson.getSet("tm.stats-of", StringCodec.INSTANCE).add(cache);
                by.forEach((what, more) -> redisson.getMap(STATS + cache, StringCodec.INSTANCE)
                        .addAndGet(what.name().toLowerCase(Locale.ROOT), more));
            });
            counters.takeAsked().forEach(this::tellAsked);
        } catch (RedisException away) {
            // Nobody waits for it.
        }
    }

    private void tellAsked(String cache, Map<String, Long> keys) {
        RBatch batch = redisson.createBatch();
        RScoredSortedSetAsync<String> asked = batch.getScoredSortedSet(ASKED + cache, StringCodec.INSTANCE);
        keys.forEach((key, times) -> asked.addScoreAsync(key, times));
        asked.removeRangeByRankAsync(0, -MOST_ASKED - 1);
        batch.execute();
    }

    /** The keys of a cache that were asked for most, most first. */
    List<String> mostAsked(String cache, int most) {
        return List.copyOf(redisson.<String>getScoredSortedSet(ASKED + cache, StringCodec.INSTANCE)
                .valueRangeReversed(0, most - 1));
    }
}
