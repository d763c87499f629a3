package io.tidemark.cachewriter.tags;

import io.tidemark.core.change.Version;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tags in Redis, through the functions of the cache contract. Thread-safe.
 *
 * <p>Every call may be made twice. Where Redis cannot be reached or refuses, methods throw
 * {@link io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface TagStore {

    /** Makes every entry with one of the tags stale; returns when that is so. */
    void bump(Collection<String> tags);

    /** Goes through the tags that begin with a text, every one that an entry which is right carries among them. */
    void carried(String prefix, Consumer<List<String>> portion);

    /**
     * What is remembered of rows.
     *
     * @param rows keys in Redis, see {@link TagRules#rowKey}
     * @return a text for each in their order, null where nothing is remembered
     */
    List<@Nullable String> recall(List<String> rows);

    /** Remembers rows, each unless something newer is remembered of it. */
    void remember(List<Memory> rows);

    /** Forgets every row of a table. */
    void forgetRows(String table);

    /** Tags of which members may have to be swept, each with the number of its last bump; at most so many. */
    List<Due> due(int most);

    /** The lists that hold members of a tag. */
    List<Members> members(String tag);

    /** Sweeps some members of one list. */
    Swept sweep(String tag, String list, int most);

    /** Every member that a tag had at this bump is swept. */
    void swept(Due due);

    /**
     * Forgets some names of tags that nobody carries.
     *
     * @param after where to go on; empty for the beginning
     * @return where to go on the next time; empty at the end
     */
    String prune(String after);

    /**
     * What is to be remembered of a row.
     *
     * @param row its key in Redis
     * @param version the change that left it so
     * @param ttlMillis for how long, 0 for ever
     */
    record Memory(String row, Version version, long ttlMillis, String text) {}

    /** A tag to be swept, and the number of the bump that made it so. */
    record Due(String tag, String number) {}

    /** A list of members and how many it holds. */
    record Members(String list, long count) {}

    /**
     * What a sweep did.
     *
     * @param taken members from the list
     * @param removed entries
     * @param held members whose entries somebody may just be filling with what is stale; to be swept again
     */
    record Swept(long taken, long removed, long held) {}
}
