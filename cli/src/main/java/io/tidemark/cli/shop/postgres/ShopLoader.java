package io.tidemark.cli.shop.postgres;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.shop.CopyLine;
import io.tidemark.cli.shop.ShopFiles;
import io.tidemark.cli.shop.ShopRows;
import io.tidemark.cli.shop.ShopSize;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** Makes the shop's tables in an empty database and fills them by COPY. Not thread-safe. */
public final class ShopLoader {
    private static final int CHUNK = 64 * 1024;

    private final EmbeddedPostgres postgres;
    private final ShopSize size;
    private final ShopRows rows;
    private final LongConsumer progress;
    private long written;

    /** @param progress called from time to time with the number of rows written so far */
    public ShopLoader(EmbeddedPostgres postgres, long seed, ShopSize size, LongConsumer progress) {
        this.postgres = postgres;
        this.size = size;
        this.rows = new ShopRows(seed, size);
        this.progress = progress;
    }

    /**
     * Creates and fills everything in one transaction.
     *
     * @return how many rows there are now
     * @throws InterruptedException when this thread is interrupted; nothing is left then
     * @throws CommandFailure when the database refuses
     */
    public long load() throws InterruptedException {
        try (Connection connection = postgres.connect()) {
            connection.setAutoCommit(false);
            load(connection);
            connection.commit();
            return written;
        } catch (SQLException e) {
            throw new CommandFailure(ExitCode.FAILED, "the shop could not be filled: " + e.getMessage(), e);
        }
    }

    private void load(Connection connection) throws SQLException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            // The owner is called as the services' schema is, which would come first in the search path.
            statement.execute("set local search_path to public");
        }
        run(connection, "schema.sql");
        copy(connection, "shops", size.shops(), rows::shop);
        copy(connection, "categories", size.categories(), rows::category);
        copy(connection, "products", size.products(), rows::product);
        copy(connection, "customers", size.customers(), rows::customer);
        copy(connection, "employees", size.employees(), rows::employee);
        copy(connection, "bills", size.bills(), rows::bill);
        copy(connection, "bill_lines", size.bills(), rows::linesOf);
        run(connection, "search.sql");
        run(connection, "indexes.sql");
    }

    private interface RowWriter {
        void write(CopyLine line, long id);
    }

    private void copy(Connection connection, String table, int count, RowWriter writer)
            throws SQLException, InterruptedException {
        CopyManager manager = connection.unwrap(BaseConnection.class).getCopyAPI();
        CopyIn copy = manager.copyIn("copy " + table + " from stdin");
        long before = written;
        CopyLine line = new CopyLine();
        for (long id = 1; id <= count; id++) {
            writer.write(line, id);
            if (line.length() >= CHUNK) {
                send(copy, line);
                progress.accept(before + id);
            }
            if (id % 1_000 == 0 && Thread.interrupted()) {
                copy.cancelCopy();
                throw new InterruptedException();
            }
        }
        send(copy, line);
        written = before + copy.endCopy();
        progress.accept(written);
    }

    private static void send(CopyIn copy, CopyLine line) throws SQLException {
        byte[] bytes = line.take().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
    }

    private static void run(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ShopFiles.read(script));
        }
    }
}
