package io.tidemark.core.pipeline;

/**
 * How hard a cache-writer may work the database for caches that are read from it.
 *
 * @param queriesPerSecond how many statements a second at most, all such caches together
 * @param rowsPerQuery how many keys a statement asks for at most
 * @param concurrency how many statements run at the same time at most
 */
public record RefreshSettings(int queriesPerSecond, int rowsPerQuery, int concurrency) {

    /** What holds when the file says nothing. */
    public static final RefreshSettings DEFAULT = new RefreshSettings(100, 500, 2);
}
