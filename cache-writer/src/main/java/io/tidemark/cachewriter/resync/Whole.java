package io.tidemark.cachewriter.resync;

import java.sql.SQLException;

/**
 * One cache that can be read again as a whole. One thread at a time.
 *
 * <p>Entries are written in place, under leases: a reader sees the old or the new, and a change in between wins.
 */
public interface Whole extends AutoCloseable {

    /** How many rows the database has for it. */
    long count() throws SQLException, InterruptedException;

    /** Whether the first of its entries is in Redis. */
    boolean exists() throws SQLException, InterruptedException;

    /**
     * Reads every entry again, and removes those that the database has no row for.
     *
     * @throws SQLException when the database is away; what is done by then stays done
     */
    void readAgain(Progress progress) throws SQLException, InterruptedException;

    @Override
    void close();
}
