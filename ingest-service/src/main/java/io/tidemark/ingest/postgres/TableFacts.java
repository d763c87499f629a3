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
 * @param hasPrimaryKey whether it has a primary key
 * @param deferrableKey whether the primary key is deferrable, which no replica identity may be
 * @param identityIsKey whether the index that is its replica identity is the primary key's
 * @param selectable whether this role may read it
 * @param owned whether this role may publish it
 * @param filtered whether row-level security hides rows of it from this role
 * @param estimatedRows by the planner's statistics; -1 when never analyzed
 */
public record TableFacts(
        TableId table,
        long oid,
        char kind,
        char persistence,
        char identity,
        boolean hasPrimaryKey,
        boolean deferrableKey,
        boolean identityIsKey,
        boolean selectable,
        boolean owned,
        boolean filtered,
        long estimatedRows) {

    /** The facts of each table, in the order given. */
    public static List<TableFacts> read(Connection connection, Collection<TableId> tables) throws SQLException {
        List<TableFacts> facts = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select coalesce(c.oid, 0)::bigint as oid, coalesce(c.relkind, ' ') as kind,
                       coalesce(c.relpersistence, ' ') as persistence, coalesce(c.relreplident, ' ') as identity,
                       k.indexrelid is not null as has_key, not coalesce(k.indimmediate, true) as deferrable_key,
                       coalesce(k.indisreplident, false) as identity_is_key,
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
                row.getBoolean("has_key"),
                row.getBoolean("deferrable_key"),
                row.getBoolean("identity_is_key"),
                row.getBoolean("selectable"),
                row.getBoolean("owned"),
                row.getBoolean("filtered"),
                row.getLong("rows"));
    }

    /** About how many rows a table has that was never analyzed, by its size and the width of a few of its rows. */
    public static long guessRows(Connection connection, TableFacts facts) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select coalesce((pg_relation_size(" + facts.oid()
                        + "::oid::regclass) / nullif(avg(pg_column_size(t.*) + 28), 0))::bigint, 0) from (select * from "
                        + facts.table().quoted() + " limit 100) t");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What it lacks for a role, whose name is quoted. */
    List<Requirement> unmet(String role) {
        String name = table.quoted();
        List<Requirement> unmet = new ArrayList<>();
        if (oid == 0) {
            unmet.add(notYet("expected table " + table
                    + " in the database, found none: create it, or take it out of the pipeline file"));
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
        if (!hasPrimaryKey) {
            unmet.add(notYet("expected table " + table + " to have a primary key, found none: run ALTER TABLE " + name
                    + " ADD PRIMARY KEY (...); with the columns that tell its rows apart"));
        }
        checkIdentity(unmet, name);
        if (!selectable) {
            unmet.add(wrong("expected the right to read table " + table + ", found none: run GRANT USAGE ON SCHEMA "
                    + TableId.quote(table.schema()) + " TO " + role + "; GRANT SELECT ON " + name
                    + " TO " + role + ";"));
        }
        if (filtered) {
            unmet.add(wrong("expected to read every row of table " + table
                    + ", found row-level security in force: run ALTER ROLE ... BYPASSRLS; for Tidemark's role"));
        }
        return unmet;
    }

    private void checkIdentity(List<Requirement> unmet, String name) {
        if (identity == 'f' || !hasPrimaryKey) {
            return;
        }
        if (identity == 'n') {
            unmet.add(wrong("expected table " + table + " to have a replica identity, found NOTHING, with which"
                    + " PostgreSQL refuses the application's own updates once it is published: run ALTER TABLE " + name
                    + " REPLICA IDENTITY DEFAULT;"));
        } else if (identity == 'd' && deferrableKey) {
            unmet.add(wrong("expected table " + table + " to have a replica identity, found its primary key"
                    + " deferrable, which PostgreSQL does not take for one, so that it refuses the application's own"
                    + " updates once it is published: run ALTER TABLE " + name + " REPLICA IDENTITY FULL;"));
        } else if (identity == 'i' && !identityIsKey) {
            unmet.add(wrong("expected table " + table + " to have its primary key as replica identity, found another"
                    + " index, with which deletes do not carry the key: run ALTER TABLE " + name
                    + " REPLICA IDENTITY DEFAULT; (or FULL)"));
        }
    }

    private Requirement wrong(String message) {
        return new Requirement(Requirement.Kind.WRONG, table, message);
    }

    private Requirement notYet(String message) {
        return new Requirement(Requirement.Kind.NOT_YET, table, message);
    }
}
