package io.tidemark.testkit.postgres;

import io.tidemark.testkit.access.AccessScript;
import io.tidemark.testkit.access.ServiceAccount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Map;

/** Gives the services their roles in PostgreSQL by deploy/access/postgres.sql. */
public final class SourceRoles {
    private SourceRoles() {}

    /**
     * Runs the script over a superuser's connection, once more for tables that were not there before.
     *
     * @param tables what the pipeline file names, each as {@code schema.table}
     * @param passwords of the roles; those that are not named keep theirs, and applications have roles of their own already
     */
    public static void apply(
            Connection superuser, Collection<String> tables, String publication, Map<ServiceAccount, String> passwords)
            throws SQLException {
        set(superuser, "tidemark.tables", String.join(",", tables));
        set(superuser, "tidemark.publication", publication);
        try (Statement statement = superuser.createStatement()) {
            statement.execute(AccessScript.POSTGRES.text());
            for (Map.Entry<ServiceAccount, String> password : passwords.entrySet()) {
                if (password.getKey() == ServiceAccount.APPLICATION) {
                    continue;
                }
                statement.execute("alter role " + password.getKey().role() + " password '"
                        + password.getValue().replace("'", "''") + "'");
            }
        }
    }

    private static void set(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select set_config(?, ?, false)")) {
            set.setString(1, name);
            set.setString(2, value);
            set.execute();
        }
    }
}
