package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.Refreshed;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cache whose entries cache-writer makes itself, out of the database. One thread at a time.
 *
 * <p>Its entries are never taken away to be made again: they are read again under leases, so a reader sees the old or the
 * new, and a change in between wins.
 */
public interface KeptCache {
    String name();

    /** The names under which clients may count what is asked of it: its own, and what its keys begin with. */
    List<String> countedAs();

    /** The topic of its rows; empty where it has none. */
    Optional<TopicRows> topic();

    /** For people: where its entries come from. */
    String source();

    /** How long its entries live, 0 for ever. */
    long ttlMillis();

    /** Whether a key is that of one of its entries. */
    boolean owns(String key);

    /** The primary key that an entry stands for, by column; empty when it is none of its keys. */
    Optional<Map<String, String>> rowOf(String key);

    /** How many entries the database has for it. */
    long count() throws SQLException;

    /** How many of them carry a tag; 0 when none can. */
    long count(String tag) throws SQLException;

    /**
     * Keys of entries, in the order of their rows.
     *
     * @param tag only those that carry it; null for all
     * @param after where the page before ended; null to begin
     */
    Page page(@Nullable String tag, @Nullable String after, int limit) throws SQLException;

    /** Whether an entry of it could carry a tag. */
    boolean mayCarry(String tag);

    /** The tags of this cache that are known when these columns are: those without columns, for none. */
    List<String> tags(Map<String, String> columns);

    /** The tags that an entry with this value, as {@link Keyspace.Look} has it, counts under, as far as the value says. */
    List<String> tagsOf(byte[] value);

    /** Whether a value, as {@link Keyspace.Look} has it, means the same as what the database has. */
    boolean holds(byte[] value, byte[] document);

    /** Reads entries from the database again; says what became of them. */
    Refreshed refresh(List<String> keys) throws SQLException;

    /** What the database has for an entry now; empty for nothing. */
    Optional<byte[]> document(String key) throws SQLException;

    /** @param next where the next page begins; null at the end */
    record Page(List<String> keys, @Nullable String next) {
        public Page {
            keys = List.copyOf(keys);
        }
    }
}
