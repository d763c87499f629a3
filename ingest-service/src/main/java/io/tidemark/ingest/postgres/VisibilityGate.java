package io.tidemark.ingest.postgres;

import io.tidemark.core.postgres.Visibility;
import io.tidemark.ingest.stream.CommitGate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Holds a batch back until every other session can see its transactions. PostgreSQL puts a commit in the WAL before it
 * makes it visible, by as long as a synchronous stand-by takes to answer.
 *
 * <p>It asks over the connection that holds the leader's lock, so that an ingest-service that has lost it, having been
 * frozen for long, publishes nothing. One thread uses it.
 */
public final class VisibilityGate implements CommitGate {
    private static final long FIRST_PAUSE_MICROS = 200;
    private static final long LONGEST_PAUSE_MICROS = 5_000;

    private final PreparedStatement snapshot;

    VisibilityGate(Connection connection) throws SQLException {
        this.snapshot = connection.prepareStatement("select pg_current_snapshot()::text");
    }

    @Override
    public void await(Set<Integer> transactions) throws InterruptedException {
        long pause = FIRST_PAUSE_MICROS;
        while (!SourceSession.asking("asking which transactions are visible", () -> allVisible(transactions))) {
            TimeUnit.MICROSECONDS.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MICROS);
        }
    }

    private boolean allVisible(Set<Integer> transactions) throws SQLException {
        try (ResultSet row = snapshot.executeQuery()) {
            row.next();
            Visibility now = Visibility.parse(row.getString(1));
            return transactions.stream().allMatch(now::shows);
        }
    }
}
