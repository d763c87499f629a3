package io.tidemark.cachewriter.resync;

import java.sql.SQLException;

/**
 * One cache that can be read again from the database, as a whole or in part. One thread at a time.
 *
 * <p>Entries are written in place, under leases: a reader sees the old or the new, and a change in between wins.
 */
public interface Whole extends AutoCloseable {

    /** How many rows the database has for it. */
    long count() throws SQLException, InterruptedException;

    /** Whether the first of its entries is in Redis. */
    boolean exists() throws SQLException, InterruptedException;

    /** Whether a key can be that of one of its entries, by its form and by the types of what stands in it. */
    boolean canHold(String key);

    /**
     * Reads every entry again, and removes those that the database has no row for.
     *
     * @throws SQLException when the database is away; what is done by then stays done
     */
    void readAgain(Progress progress) throws SQLException, InterruptedException;

    /**
     * Reads some entries again, and removes those of them that the database has no row for; leaves all others alone.
     *
     * @throws SQLException when the database is away; what is done by then stays done
     */
    void readAgain(Chosen chosen, Progress progress) throws SQLException, InterruptedException;

    @Override
    void close();
}
