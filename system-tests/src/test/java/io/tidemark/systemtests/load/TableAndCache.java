package io.tidemark.systemtests.load;

/**
 * What a test itself knows of a cache and its table, in SQL of its own.
 *
 * @param table as SQL names it
 * @param keySql SQL that makes the key of a row {@code t}
 * @param documentSql SQL that makes the document of a row {@code t}
 * @param pattern Redis' glob for all keys of the cache
 */
public record TableAndCache(String table, String keySql, String documentSql, String pattern) {

    /** A cache of whole rows. */
    public static TableAndCache of(String table, String keySql, String pattern) {
        return new TableAndCache(table, keySql, "to_jsonb(t)", pattern);
    }
}
