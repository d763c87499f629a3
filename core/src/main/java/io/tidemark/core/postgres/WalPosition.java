package io.tidemark.core.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads LSNs: places in the write-ahead log, as unsigned numbers. */
public final class WalPosition {
    static final String CURRENT = "select pg_catalog.pg_current_wal_insert_lsn()::text";

    private WalPosition() {}

    /** Where PostgreSQL writes on now: every commit that anyone can have seen by now lies before it. */
    public static long current(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CURRENT)) {
            return of(row);
        }
    }

    static long of(ResultSet row) throws SQLException {
        row.next();
        return parse(row.getString(1));
    }

    /**
     * Reads PostgreSQL's text of an LSN, {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("expected an LSN like 16/B374D848, found \"" + text + "\"");
        }
        return Long.parseLong(text, 0, slash, 16) << 32 | Long.parseLong(text, slash + 1, text.length(), 16);
    }
}
