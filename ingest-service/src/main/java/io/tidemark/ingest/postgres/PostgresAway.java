package io.tidemark.ingest.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;

/** Tells failures that mean PostgreSQL is not there. */
public final class PostgresAway {
    /** Too many connections, and the states of a server that ends or starts. */
    private static final Set<String> STATES = Set.of("53300", "57P01", "57P02", "57P03", "57P05");

    private static final String CONNECTION_LOST = "08";
    private static final Set<String> NOT_LET_IN = Set.of("28000", "28P01", "3D000");

    private PostgresAway() {}

    /** Whether the failure passes when PostgreSQL is back. */
    public static boolean isAway(Throwable failure) {
        if (!(failure instanceof SQLException sql)) {
            return false;
        }
        String state = sql.getSQLState();
        return (state != null && (state.startsWith(CONNECTION_LOST) || STATES.contains(state)))
                || sql.getCause() instanceof IOException;
    }

    /** Whether PostgreSQL is there and does not let this user into this database. */
    public static boolean isNotLetIn(Throwable failure) {
        return failure instanceof SQLException sql
                && sql.getSQLState() != null
                && NOT_LET_IN.contains(sql.getSQLState());
    }
}
