package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.Format;
import io.tidemark.core.postgres.SqlText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named family of entries that are read from the database: those that a change may have touched are read again.
 *
 * @param name the name in the pipeline file
 * @param key how an entry is called, by columns of what is read; of an index, how a member is called
 * @param from what is read
 * @param many whether an entry is the array of all rows of its key, rather than the one row
 * @param depends the tables that what is read comes from
 * @param ttl how long an entry lives after it was read; null when entries do not expire
 * @param pace when entries are read again
 * @param limit how large an entry may be
 * @param index the sorted set whose members the rows are; null when each is an entry
 * @param stamp a key that holds when the cache was last brought up to date; null for none
 * @param format how Redis holds a document
 */
public record QueryCache(
        String name,
        KeyTemplate key,
        From from,
        boolean many,
        List<Dependency> depends,
        @Nullable Duration ttl,
        Pace pace,
        Limit limit,
        @Nullable Index index,
        @Nullable String stamp,
        Format format) {

    /** Where the rows come from. */
    public sealed interface From {}

    /** A statement that somebody wrote. */
    public record Query(SqlText sql) implements From {}

    /**
     * The rows of a table, which are called by columns that are not its primary key, or by the members of a JSON object.
     *
     * @param fields what of a row is in its document
     */
    public record Rows(TableId table, FieldSelection fields) implements From {}

    /**
     * When entries are read again after a change.
     *
     * @param after how long further changes are waited for, so that many cause one read
     * @param every how long at least from one reading of the cache to the next
     */
    public record Pace(Duration after, Duration every) {}

    /**
     * How large an entry may be; a larger one is refused.
     *
     * @param rows of how many rows at most
     * @param bytes how many bytes at most
     */
    public record Limit(int rows, int bytes) {}

    /**
     * A sorted set.
     *
     * @param key where it lies
     * @param score the column that gives the scores
     */
    public record Index(String key, String score) {}

    public QueryCache {
        depends = List.copyOf(depends);
    }

    /** Whether every row has its entry at all times, so that a missing one is drift. */
    public boolean keptWhole() {
        return ttl == null;
    }

    /** The ttl in milliseconds, 0 for none. */
    public long ttlMillis() {
        return ttl == null ? 0 : ttl.toMillis();
    }

    /** What is said of a table that it depends on. */
    public Optional<Dependency> dependencyOn(TableId table) {
        return depends.stream().filter(one -> one.table().equals(table)).findFirst();
    }
}
