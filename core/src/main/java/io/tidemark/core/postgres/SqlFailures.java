package io.tidemark.core.postgres;

import java.sql.SQLException;

/** What is said of a statement that failed: PostgreSQL's own words may quote a row. */
public final class SqlFailures {
    private SqlFailures() {}

    /** Whether a value, and not the statement or the server, was the cause: other keys may fare better. */
    public static boolean isOfAValue(SQLException failure) {
        String state = stateOf(failure);
        return state.startsWith("22") || state.startsWith("21") || state.startsWith("P0001");
    }

    /** Whether the server was not there, or not as it has to be. */
    public static boolean isOfTheServer(SQLException failure) {
        String state = stateOf(failure);
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }

    /** The failure in words that hold no value of a row. */
    public static String text(SQLException failure) {
        String state = stateOf(failure);
        // Of syntax, names and rights, and of the connection, the words hold names only.
        boolean namesOnly = state.startsWith("42") || isOfTheServer(failure);
        String words = namesOnly
                ? String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
                : switch (state) {
                    case "57014" -> "it took too long";
                    case "22012" -> "division by zero";
                    case "21000" -> "a subquery gave more than one row";
                    default -> "see PostgreSQL's own log";
                };
        return state.isEmpty() ? words : words + " (SQLSTATE " + state + ")";
    }

    private static String stateOf(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }
}
