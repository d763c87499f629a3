package io.tidemark.core.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code pg_current_snapshot()} says of transactions: which ones every new statement sees. Immutable.
 *
 * <p>A change carries the lower 32 bits of its transaction's id; it is compared with the snapshot's as a distance, which
 * is right for transactions less than two billion apart.
 */
public final class Visibility {
    private static final String NOW =
            "select pg_current_snapshot()::text, (extract(epoch from clock_timestamp()) * 1000000)::bigint";

    private final int xmin;
    private final int xmax;
    private final Set<Integer> running;

    private Visibility(int xmin, int xmax, Set<Integer> running) {
        this.xmin = xmin;
        this.xmax = xmax;
        this.running = running;
    }

    /**
     * What is visible at a moment.
     *
     * @param micros by the database's clock, in microseconds since 1970-01-01 UTC
     */
    public record AtTime(Visibility visibility, long micros) {}

    /** What is visible to every statement that begins now. */
    public static AtTime now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return new AtTime(parse(row.getString(1)), row.getLong(2));
        }
    }

    /**
     * Reads {@code xmin:xmax:xip,xip}.
     *
     * @throws IllegalArgumentException when it is no snapshot
     */
    public static Visibility parse(String snapshot) {
        String[] parts = snapshot.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("expected a snapshot like 10:20:10,14,15, found " + snapshot);
        }
        Set<Integer> running = new HashSet<>();
        for (String id : parts[2].split(",")) {
            if (!id.isEmpty()) {
                running.add((int) Long.parseUnsignedLong(id));
            }
        }
        return new Visibility((int) Long.parseUnsignedLong(parts[0]), (int) Long.parseUnsignedLong(parts[1]), running);
    }

    /** Whether the transaction, which has committed, is seen. */
    public boolean shows(int transactionId) {
        if (transactionId - xmin < 0) {
            return true;
        }
        return transactionId - xmax < 0 && !running.contains(transactionId);
    }
}
