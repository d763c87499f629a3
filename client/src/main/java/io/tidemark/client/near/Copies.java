package io.tidemark.client.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies of entries, each dropped when it is named or one of its tags is. Thread-safe: any thread reads and keeps; one, the
 * follower, drops in the order of the invalidation stream and says up to when it knows everything.
 *
 * <p>A copy is served only while {@code now - known <= bound}, where everything that was said before {@code known} has been
 * dropped. So it is no older than what Redis held a bound ago.
 *
 * <p>Between a read from Redis and {@link #keep} an invalidation of what was read may have been dropped here already. So whoever
 * reads takes a {@link Ticket} first, and what was named since then is not kept. Which names were is remembered by the
 * remainders of their hashes, in a fixed space: two names may be taken for one, which refuses a copy and never lets one in.
 */
public final class Copies {
    private static final int REMAINDERS = 1 << 16;
    private static final int OBJECTS_OF_A_COPY = 200;

    private final NearSettings settings;
    private final LongSupplier nanos;
    private final Cache<String, Copy> copies;
    /** Held by the copies that carry the tag: when none is left, the garbage collector takes it. */
    private final Cache<String, Carried> tags =
            Caffeine.newBuilder().weakValues().build();

    /** When a name of each remainder was last dropped; guarded by this. */
    private final long[] lastDrop = new long[REMAINDERS];

    private volatile long drops;
    private volatile long life;
    private volatile boolean isFollowed;
    private volatile long knownNanos;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder kept = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder droppedKeys = new LongAdder();
    private final LongAdder droppedTags = new LongAdder();
    private final LongAdder resets = new LongAdder();

    /** A tag as its carriers share it. */
    private static final class Carried {
        volatile boolean stale;
    }

    private record Copy(@Nullable String value, String version, long endNanos, List<Carried> tags) {
        boolean isRight(long now) {
            if (endNanos - now <= 0) {
                return false;
            }
            for (Carried tag : tags) {
                if (tag.stale) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * What a copy holds.
     *
     * @param value null when the entry says that there is nothing
     */
    public record Found(@Nullable String value) {}

    /**
     * An entry as it was read.
     *
     * @param value null when the entry says that there is nothing
     * @param version versions are ordered as texts; of an entry that an application filled always the same
     * @param tags its tags
     * @param leftMillis how long it will be right by its age; below zero for ever
     */
    public record Read(@Nullable String value, String version, Collection<String> tags, long leftMillis) {}

    /** When a read from Redis was begun. */
    public record Ticket(long drops, long life, long nanos) {}

    /** @param nanos a clock that never goes back */
    public Copies(NearSettings settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
        this.copies = Caffeine.newBuilder()
                .maximumWeight(settings.bytes())
                .weigher(Copies::weigh)
                // What has to go goes at once, on the thread that keeps.
                .executor(Runnable::run)
                .build();
    }

    private static int weigh(String key, Copy copy) {
        int value = copy.value() == null ? 0 : copy.value().length();
        return OBJECTS_OF_A_COPY + key.length() + value;
    }

    /** A copy that may be served now; null for none. */
    public @Nullable Found find(String key) {
        Copy copy = copies.getIfPresent(key);
        long now = nanos.getAsLong();
        if (copy == null || !copy.isRight(now) || !isCurrent(now)) {
            if (copy != null && !copy.isRight(now)) {
                copies.asMap().remove(key, copy);
            }
            misses.increment();
            return null;
        }
        hits.increment();
        return new Found(copy.value());
    }

    /** To be taken before Redis is asked for what is to be kept. */
    public Ticket ticket() {
        return new Ticket(drops, life, nanos.getAsLong());
    }

    /**
     * Keeps what was read since the ticket was taken, unless it was invalidated meanwhile or a newer one is kept.
     *
     * @return whether it was kept
     */
    public boolean keep(Ticket ticket, String key, Read read) {
        long most = settings.longest().toNanos();
        long left = read.leftMillis() < 0 ? most : Math.min(most, read.leftMillis() * 1_000_000);
        synchronized (this) {
            if (!isFollowed || ticket.life() != life || !isUntouched(ticket, key, read.tags()) || isNewer(key, read)) {
                refused.increment();
                return false;
            }
            List<Carried> carried = read.tags().stream()
                    .map(tag -> tags.get(tag, any -> new Carried()))
                    .toList();
            copies.put(key, new Copy(read.value(), read.version(), ticket.nanos() + left, carried));
        }
        kept.increment();
        return true;
    }

    /** Two readers may have read one after the other and come here the other way round. */
    private boolean isNewer(String key, Read read) {
        Copy copy = copies.getIfPresent(key);
        return copy != null && copy.version().compareTo(read.version()) > 0;
    }

    private boolean isUntouched(Ticket ticket, String key, Collection<String> itsTags) {
        return lastDrop[remainder(key)] <= ticket.drops()
                && itsTags.stream().allMatch(tag -> lastDrop[remainder(tag)] <= ticket.drops());
    }

    public synchronized void dropKeys(Collection<String> keys) {
        remember(keys);
        for (String key : keys) {
            if (copies.asMap().remove(key) != null) {
                droppedKeys.increment();
            }
        }
    }

    public synchronized void dropTags(Collection<String> names) {
        remember(names);
        for (String name : names) {
            Carried carried = tags.asMap().remove(name);
            if (carried != null) {
                carried.stale = true;
                droppedTags.increment();
            }
        }
    }

    /** Drops everything, because something may have been missed; from here on nothing will be. */
    public synchronized void reset() {
        life++;
        isFollowed = true;
        copies.invalidateAll();
        resets.increment();
    }

    /** Nobody follows any more: drops everything and keeps nothing until {@link #reset}. */
    public synchronized void forget() {
        life++;
        isFollowed = false;
        copies.invalidateAll();
    }

    /** Everything that was said before this moment has been dropped. */
    public void knownUpTo(long momentNanos) {
        knownNanos = momentNanos;
    }

    /** Whether copies are served now. */
    public boolean isCurrent() {
        return isCurrent(nanos.getAsLong());
    }

    public NearCounts counts() {
        return new NearCounts(
                hits.sum(),
                misses.sum(),
                kept.sum(),
                refused.sum(),
                droppedKeys.sum(),
                droppedTags.sum(),
                resets.sum(),
                copies.estimatedSize());
    }

    private boolean isCurrent(long now) {
        return isFollowed && now - knownNanos <= settings.bound().toNanos();
    }

    /** The number is given out at the end, so that whoever begins meanwhile is taken for earlier. */
    private void remember(Collection<String> names) {
        long number = drops + 1;
        for (String name : names) {
            lastDrop[remainder(name)] = number;
        }
        drops = number;
    }

    private static int remainder(String name) {
        int hash = name.hashCode() * 0x9E3779B9;
        return (hash >>> 16) % REMAINDERS;
    }
}
