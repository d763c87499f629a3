package io.tidemark.cli.stack.postgres;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.SourceRoles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** The roles by which the demo's services come to PostgreSQL. */
public final class DemoRoles {
    private DemoRoles() {}

    /** Makes them, or gives them what they need of tables that have come since. */
    public static void apply(
            EmbeddedPostgres postgres,
            Collection<String> tables,
            String publication,
            Map<ServiceAccount, String> passwords) {
        try (Connection connection = postgres.connect()) {
            SourceRoles.apply(connection, tables, publication, passwords);
        } catch (SQLException e) {
            throw new CommandFailure(ExitCode.FAILED, "the services' roles could not be made: " + e.getMessage(), e);
        }
    }

    /** Whether every table is there. */
    public static boolean areThere(EmbeddedPostgres postgres, Collection<String> tables) {
        try (Connection connection = postgres.connect();
                PreparedStatement query = connection.prepareStatement(
                        "select bool_and(to_regclass(name) is not null) from unnest(?::text[]) name")) {
            query.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new CommandFailure(ExitCode.FAILED, "the demo's tables cannot be looked for: " + e.getMessage(), e);
        }
    }
}
