package io.tidemark.ingest.postgres;

import io.tidemark.core.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the catalog says of one table of the pipeline.
 *
 * @param oid of its relation; 0 when there is no such table
 * @param kind pg_class.relkind, a space when there is none
 * @param persistence pg_class.relpersistence, a space when there is none
 * @param identity pg_class.relreplident, a space when there is none
 * @param deferrableKey whether the primary key is deferrable, which no replica identity may be
 * @param selectable whether this role may read it
 * @param owned whether this role may publish it
 * @param filtered whether row-level security hides rows of it from this role
 * @param estimatedRows by the planner's statistics; -1 when never analyzed
 */
record TableFacts(
        TableId table,
        long oid,
        char kind,
        char persistence,
        char identity,
        boolean deferrableKey,
        boolean selectable,
        boolean owned,
        boolean filtered,
        long estimatedRows) {

    /** The facts of each table, in the order given. */
    static List<TableFacts> read(Connection connection, Collection<TableId> tables) throws SQLException {
        List<TableFacts> facts = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("""
                select coalesce(c.oid, 0)::bigint as oid, coalesce(c.relkind, ' ') as kind,
                       coalesce(c.relpersistence, ' ') as persistence, coalesce(c.relreplident, ' ') as identity,
                       not coalesce(k.indimmediate, true) as deferrable_key,
                       coalesce(has_table_privilege(c.oid, 'SELECT')
                         and has_schema_privilege(c.relnamespace, 'USAGE'), false) as selectable,
                       coalesce(pg_has_role(c.relowner, 'USAGE'), false) as owned,
                       coalesce(row_security_active(c.oid), false) as filtered,
                       coalesce(c.reltuples, -1)::bigint as rows
                from (values (1)) as one(row)
                left join (pg_class c join pg_namespace n on n.oid = c.relnamespace)
                  on n.nspname = ? and c.relname = ?
                left join pg_index k on k.indrelid = c.oid and k.indisprimary""")) {
            for (TableId table : tables) {
                query.setString(1, table.schema());
                query.setString(2, table.table());
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    facts.add(of(table, row));
                }
            }
        }
        return facts;
    }

    private static TableFacts of(TableId table, ResultSet row) throws SQLException {
        return new TableFacts(
                table,
                row.getLong("oid"),
                row.getString("kind").charAt(0),
                row.getString("persistence").charAt(0),
                row.getString("identity").charAt(0),
                row.getBoolean("deferrable_key"),
                row.getBoolean("selectable"),
                row.getBoolean("owned"),
                row.getBoolean("filtered"),
                row.getLong("rows"));
    }

    /** About how many rows a table has that was never analyzed, by its size and the width of a few of its rows. */
    static long guessRows(Connection connection, TableFacts facts) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select coalesce((pg_relation_size(" + facts.oid()
                        + "::oid::regclass) / nullif(avg(pg_column_size(t.*) + 28), 0))::bigint, 0) from (select * from "
                        + facts.table().quoted() + " limit 100) t");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Why it cannot be followed by a role, whose name is quoted; that it is there and has a key is checked elsewhere. */
    List<Requirement> unmet(String role) {
        String name = table.quoted();
        List<Requirement> unmet = new ArrayList<>();
        if (oid == 0) {
            return unmet;
        }
        if (kind != 'r' && kind != 'p') {
            unmet.add(wrong("expected " + table
                    + " to be a table, found a view or something else without rows of its own: name the tables"
                    + " beneath it in the pipeline file"));
            return unmet;
        }
        if (persistence != 'p') {
            unmet.add(wrong("expected table " + table + " in the WAL, found it unlogged or temporary: run ALTER TABLE "
                    + name + " SET LOGGED;"));
        }
        if (identity == 'd' && deferrableKey) {
            unmet.add(wrong("expected table " + table + " to have a replica identity, found its primary key"
                    + " deferrable, which PostgreSQL does not take for one, so that it refuses the application's own"
                    + " updates once it is published: run ALTER TABLE " + name + " REPLICA IDENTITY FULL;"));
        }
        if (!selectable) {
            unmet.add(wrong("expected the right to read table " + table + ", found none: run GRANT USAGE ON SCHEMA "
                    + TableId.quote(table.schema()) + " TO " + role + "; GRANT SELECT ON " + name + " TO " + role
                    + ";"));
        }
        if (filtered) {
            unmet.add(wrong("expected to read every row of table " + table
                    + ", found row-level security in force: run ALTER ROLE " + role + " BYPASSRLS;"));
        }
        return unmet;
    }

    private Requirement wrong(String message) {
        return new Requirement(Requirement.Kind.WRONG, table, false, message);
    }
}
