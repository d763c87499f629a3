package io.tidemark.cachewriter.replay;

import java.util.Collection;
import java.util.Map;

/**
 * Replays that are not over, in Redis, so that another process can go on with one. Thread-safe; throws
 * {@link io.tidemark.cachewriter.entries.EntriesException} where Redis is away.
 */
public interface ReplayStore {

    /**
     * Takes the right to replay topics for a few seconds, or keeps it for some more.
     *
     * @param owner who asks
     * @return whether all of them are the owner's now; else none was taken
     */
    boolean hold(String owner, Collection<String> topics);

    /** Gives the right back. */
    void release(String owner, Collection<String> topics);

    /** Keeps how far a replay is. */
    void keep(String id, String state);

    /** Forgets a replay that is over. */
    void remove(String id);

    /** What is kept, by the replays' names. */
    Map<String, String> all();
}
