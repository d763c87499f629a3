package io.tidemark.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries that an application computes. Changes of the database make them stale by their tags, at once. Thread-safe.
 *
 * <p>Only {@link #readThrough} does without Redis when it is away; every other method throws {@link CacheAwayException}.
 */
public interface ApplicationCache extends AutoCloseable {

    /**
     * The value of an entry, from Redis when it is right and from the loader otherwise. One caller at a time loads an entry,
     * the others wait for it or take the old value in its grace. When Redis is away, or another one takes too long, the
     * value is loaded and not kept.
     *
     * @throws Exception what the loader throws
     */
    @Nullable
    String readThrough(String key, Keep keep, Loader loader) throws Exception;

    /**
     * The entry when it is right; null otherwise. Also of entries that cache-writer keeps as text, compressed or not.
     *
     * @throws IllegalStateException when it is kept as a hash
     */
    Answer.@Nullable Hit get(String key);

    /**
     * The fields of an entry that cache-writer keeps as a hash; null when there is none.
     *
     * @throws IllegalStateException when it is kept as text
     */
    @Nullable
    Map<String, String> getHash(String key);

    /** The entry when it is right, or permission to fill it, or who has that. */
    Answer lease(String key, Duration atMost);

    /**
     * Fills an entry with what was read since the lease was granted.
     *
     * @param value null when there is nothing
     * @return whether it was taken; it is refused when it may be out of date already
     */
    boolean fill(Answer.Lease lease, @Nullable String value, Keep keep);

    /** Gives a lease back without a fill. */
    void release(Answer.Lease lease);

    /** Makes every entry with one of the tags stale; returns when that is so. */
    void invalidateTags(Collection<String> tags);

    /** Removes entries by their keys. */
    void invalidateKeys(Collection<String> keys);

    /**
     * Fills what is missing of some entries, one after the other, each under a lease. What is right stays as it is, what another
     * one fills is left to that one, and what fails keeps nothing back. Counts as no read.
     *
     * @param perSecond how many loaders are called in a second at most; 0 for as fast as it goes
     * @throws InterruptedException when it was interrupted; what is filled stays
     */
    Warmed warm(Collection<Recipe> recipes, int perSecond) throws InterruptedException;

    /**
     * The keys of a cache that all clients asked for most, most first; what was asked long ago counts for little. What to {@link
     * #warm}, since nobody but the application can compute it.
     *
     * @param cache the text of keys before their first colon
     * @param most from 1 to 10,000
     */
    List<String> mostAsked(String cache, int most);

    /** What this client has counted since it was opened, by cache: the text of a key before its first colon. */
    Map<String, Counts> counts();

    @Override
    void close();

    /**
     * How often something happened.
     *
     * @param hits the entry was right
     * @param misses it was to be filled
     * @param waits another one was filling it
     * @param olds an old value was used in its grace
     * @param filled a fill was taken
     * @param refused a fill was refused
     */
    record Counts(long hits, long misses, long waits, long olds, long filled, long refused) {}

    /** Redis cannot be reached or refuses; what was asked for may have happened or not. */
    final class CacheAwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CacheAwayException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
