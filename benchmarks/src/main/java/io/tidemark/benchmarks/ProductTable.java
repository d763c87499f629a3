package io.tidemark.benchmarks;

import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A table of products with ten columns, and what is done to it. Not thread-safe: one connection. */
final class ProductTable implements AutoCloseable {
    static final String PIPELINE = """
            tidemark: 1
            caches:
              product:
                table: public.products
                key: "product:{id}"
            """;

    private final Connection connection;

    ProductTable(EmbeddedPostgres postgres) throws SQLException {
        connection = postgres.connect();
    }

    void create(int rows) throws SQLException {
        execute("""
                create table products (
                  id bigint primary key, name text not null, barcode varchar(20) not null, category_id int not null,
                  shop_id int not null, price numeric(10,2) not null, stock int not null, active boolean not null,
                  view_count int not null, updated_at timestamptz not null)""");
        execute("insert into products select n, 'Product ' || n, lpad(n::text, 13, '0'), n % 97, n % 11,"
                + " (n % 10000) / 100.0, n % 500, true, 0, now() from generate_series(1, " + rows + ") n");
        execute("vacuum analyze products");
    }

    /** Changes every row in one transaction, and returns when it is committed. */
    void updateAll() throws SQLException {
        execute("update products set price = price + 1, view_count = view_count + 1, updated_at = now()");
    }

    /** Sets one row's view count, in a transaction of its own. */
    void setViewCount(long id, int viewCount) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update products set view_count = ?, updated_at = now() where id = ?")) {
            update.setInt(1, viewCount);
            update.setLong(2, id);
            update.executeUpdate();
        }
    }

    /** Returns when no autovacuum worker is busy: it takes a core and the disk from whoever is measured beside it. */
    void awaitNoVacuum() throws SQLException, InterruptedException {
        Deadline deadline = new Deadline(Duration.ofMinutes(10), "autovacuum to end");
        while (vacuuming()) {
            deadline.pause();
        }
    }

    private boolean vacuuming() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select exists (select from pg_stat_activity where backend_type = 'autovacuum worker')")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Where the WAL ends now: everything committed so far lies before it. */
    long walPosition() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select (pg_current_wal_insert_lsn() - '0/0')::bigint")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
