package io.tidemark.client.redis;

import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache;
import io.tidemark.client.Keep;
import io.tidemark.client.Loader;
import io.tidemark.client.Recipe;
import io.tidemark.client.Warmed;
import io.tidemark.client.near.Copies;
import io.tidemark.client.near.NearCounts;
import io.tidemark.client.near.NearSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;

/**
 * Copies of entries in the memory of this process, in front of a {@link RedisApplicationCache}: both of entries that applications
 * fill and of those that cache-writer keeps. What is invalidated anywhere is dropped here as soon as the invalidation stream says
 * so, and a copy is never older than {@link NearSettings#bound()}: while Redis cannot be followed for that long, every read goes to
 * Redis. docs/invalidation-stream.md has the rules. Thread-safe.
 *
 * <p>Closing it closes the cache that it was given.
 */
public final class NearCache implements ApplicationCache {
    private final RedisApplicationCache far;
    private final Copies copies;
    private final InvalidationFollower follower;

    /**
     * Begins to follow the invalidation stream; nothing is served from memory before that has succeeded.
     *
     * @param redisson the client that the cache was made with
     * @param far where entries are read and filled; counts what was read here as its hits too
     * @throws IllegalArgumentException for a Redis Cluster, where an invalidation and its record are not one step
     */
    public NearCache(RedissonClient redisson, RedisApplicationCache far, NearSettings settings) {
        if (redisson.getConfig().isClusterConfig()) {
            throw new IllegalArgumentException(
                    "expected a client of one Redis, with replicas or without, found one of a Redis Cluster:"
                            + " there an invalidation and its record are not one step, so copies in memory are not kept; use the cache itself");
        }
        this.far = far;
        this.copies = new Copies(settings, System::nanoTime);
        this.follower = new InvalidationFollower(redisson, copies, settings);
        follower.begin();
    }

    @Override
    public @Nullable String readThrough(String key, Keep keep, Loader loader) throws Exception {
        Answer.Hit hit;
        try {
            hit = find(key);
        } catch (CacheAwayException away) {
            return loader.load();
        }
        // What is filled now is copied when it is read next: only a read says what Redis holds.
        return hit == null ? far.readThrough(key, keep, loader) : hit.value();
    }

    @Override
    public Answer.@Nullable Hit get(String key) {
        Answer.Hit hit = find(key);
        if (hit == null) {
            far.countMiss(key);
        }
        return hit;
    }

    /** From Redis: hashes are not copied. */
    @Override
    public @Nullable Map<String, String> getHash(String key) {
        return far.getHash(key);
    }

    /** The entry, from memory or from Redis; null when it is not right or not there. */
    private Answer.@Nullable Hit find(String key) {
        Copies.Found found = copies.find(key);
        if (found != null) {
            far.countHit(key);
            return new Answer.Hit(found.value());
        }
        Copies.Ticket ticket = copies.ticket();
        Copies.Read read = far.copy(key);
        if (read == null) {
            return null;
        }
        far.countHit(key);
        copies.keep(ticket, key, read);
        return new Answer.Hit(read.value());
    }

    @Override
    public Answer lease(String key, Duration atMost) {
        return far.lease(key, atMost);
    }

    @Override
    public boolean fill(Answer.Lease lease, @Nullable String value, Keep keep) {
        return far.fill(lease, value, keep);
    }

    @Override
    public void release(Answer.Lease lease) {
        far.release(lease);
    }

    /** Here at once; in other processes when they hear of it. */
    @Override
    public void invalidateTags(Collection<String> tags) {
        far.invalidateTags(tags);
        copies.dropTags(tags);
    }

    /** Here at once; in other processes when they hear of it. */
    @Override
    public void invalidateKeys(Collection<String> keys) {
        far.invalidateKeys(keys);
        copies.dropKeys(keys);
    }

    @Override
    public Warmed warm(Collection<Recipe> recipes, int perSecond) throws InterruptedException {
        return far.warm(recipes, perSecond);
    }

    @Override
    public List<String> mostAsked(String cache, int most) {
        return far.mostAsked(cache, most);
    }

    @Override
    public Map<String, Counts> counts() {
        return far.counts();
    }

    /** What happened to copies since the beginning. */
    public NearCounts nearCounts() {
        return copies.counts();
    }

    /** Whether reads are answered from memory now, as far as there are copies. */
    public boolean isFollowing() {
        return copies.isCurrent();
    }

    @Override
    public void close() {
        follower.close();
        far.close();
    }
}
