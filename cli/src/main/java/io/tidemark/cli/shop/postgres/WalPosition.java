package io.tidemark.cli.shop.postgres;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How far the database has written its WAL. Stateless. */
public final class WalPosition {
    private WalPosition() {}

    /**
     * The end of the WAL now, in PostgreSQL's text form.
     *
     * @throws CommandFailure when the database does not say
     */
    public static String of(EmbeddedPostgres postgres) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet position = statement.executeQuery("select pg_current_wal_insert_lsn()::text")) {
            position.next();
            return position.getString(1);
        } catch (SQLException e) {
            throw new CommandFailure(ExitCode.FAILED, "PostgreSQL does not say how far it wrote: " + e.getMessage(), e);
        }
    }
}
