package io.tidemark.core.postgres;

import io.tidemark.core.change.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** Reads the shapes of tables from PostgreSQL's catalog, over one connection. As thread-safe as the connection. */
public final class Catalog {
    private final Connection connection;

    public Catalog(Connection connection) {
        this.connection = connection;
    }

    /** The shapes of those tables that exist and that the user may see; one statement. */
    public Map<TableId, TableShape> shapes(Collection<TableId> tables) throws SQLException {
        throw new UnsupportedOperationException("not yet: " + connection + tables);
    }
}
