package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.TableAndCache;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of a million rows, with the heap that every service is given. */
@Tag("long")
class MillionRowsIT {

    private static final int ROWS = Integer.getInteger("tidemark.rows", 1_000_000);
    private static final List<TableAndCache> CACHES = List.of(
            TableAndCache.of("document", "'document:' || t.id", "document:*"),
            TableAndCache.of("marker", "'marker:' || t.id", "marker:*"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private DirectProduct product;

    @BeforeEach
    void start() throws Exception {
        product = DirectProduct.startServers(directory);
        execute(Script.text("large/large.sql"));
        product.startServices(Script.copy("large/large.yaml", directory));
    }

    @AfterEach
    void stop() {
        if (product != null) {
            product.close();
        }
    }

    @Test
    void aTransactionOfAMillionRowsArrivesWholeAndOneRolledBackNotAtAll() throws Exception {
        FinalComparison comparison = new FinalComparison(product, CACHES);
        Marker marker = new Marker(product);
        execute("insert into document select n, 1, 'row ' || n from generate_series(1, " + ROWS + ") n");
        marker.awaitReadable(Duration.ofMinutes(5));
        assertThat(comparison.awaitEqual(Duration.ofMinutes(5))).isEqualTo(ROWS + 1);

        execute("begin; update document set revision = 99; rollback");
        execute("begin; update document set revision = 2; savepoint s;"
                + " delete from document where id % 2 = 0; rollback to s;"
                + " delete from document where id % 1000 = 0; commit");
        marker.awaitReadable(Duration.ofMinutes(10));
        assertThat(comparison.awaitEqual(Duration.ofMinutes(5))).isEqualTo(ROWS - ROWS / 1000 + 1);
        Verification verification = product.verify();
        assertThat(verification.nothingFound()).as(verification.text()).isTrue();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = product.database()) {
            Script.run(connection, sql);
        }
    }
}
