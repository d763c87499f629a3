package io.tidemark.cachewriter.dependents;

import io.tidemark.core.change.Version;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is due to be read again, and what rows name, in Redis. Thread-safe.
 *
 * <p>Every call may be made twice. Where Redis cannot be reached or refuses, methods throw
 * {@link io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface DueStore {

    /** When what is marked becomes due. */
    enum Manner {
        /** After the wait; what is due already stays so. */
        FIRST,
        /** After the wait, which begins anew. */
        LAST,
        /** No new mark: what is due has to wait. */
        LATER
    }

    /** Marks members of a cache. */
    void mark(String cache, Manner manner, long waitMillis, Collection<String> members);

    /** Takes what is due, for one worker at a time. */
    Taken take(String cache, String worker, long workerMillis, int most);

    /** What was taken is done, unless it was marked again meanwhile. */
    void done(String cache, List<Due> done);

    /** What is remembered of rows, in their order: nothing for one that is not known. */
    List<List<String>> recall(List<String> rows);

    /** Remembers what rows name. */
    void remember(List<Memory> rows);

    /**
     * Ends a lease of a sorted set.
     *
     * @param scores for each member; null for none, so that it goes
     * @return whether the lease was still there
     */
    boolean index(String key, String token, List<String> members, List<@Nullable String> scores);

    /** Goes through the members of a sorted set. */
    void indexMembers(String key, Consumer<List<String>> portion);

    /** Sets a key to a text. */
    void stamp(String key, String text);

    /**
     * A member that is due.
     *
     * @param times how often it was marked
     */
    record Due(String member, String times) {}

    /**
     * What was taken.
     *
     * @param mine whether the worker may work; somebody else does otherwise
     * @param waiting how many members are due or will be
     * @param nextMillis when to ask again, from now; negative when there is nothing to wait for
     */
    record Taken(boolean mine, long waiting, long nextMillis, List<Due> due) {}

    /**
     * What a row names.
     *
     * @param row the key under which it is remembered
     * @param version the change that left it so; null to add to what is remembered
     * @param ttlMillis for how long, 0 for ever
     */
    record Memory(String row, @Nullable Version version, long ttlMillis, List<String> names) {}
}
