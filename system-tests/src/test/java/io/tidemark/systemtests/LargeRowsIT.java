package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.TableAndCache;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.promise.Violation;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Rows of 0.9, 5 and 50 MB, with the heap that every service is given. */
class LargeRowsIT {

    private static final List<TableAndCache> CACHES = List.of(
            TableAndCache.of("document", "'document:' || t.id", "document:*"),
            TableAndCache.of("marker", "'marker:' || t.id", "marker:*"));
    private static final List<String> SERVICES = List.of(Product.INGEST, Product.CACHE_WRITER, Product.RECONCILER);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private DirectProduct product;
    private FinalComparison comparison;

    @BeforeEach
    void start() throws Exception {
        product = DirectProduct.startServers(directory);
        execute(Script.text("large/large.sql"));
        product.startServices(Script.copy("large/large.yaml", directory));
        comparison = new FinalComparison(product, CACHES);
    }

    @AfterEach
    void stop() {
        if (product != null) {
            product.close();
        }
    }

    @Test
    void largeRowsArriveAndNothingStopsForThem() throws Exception {
        Marker marker = new Marker(product);
        write(1, "0.9", "5", "50");
        marker.awaitReadable(Duration.ofSeconds(120));
        comparison.awaitEqual(Duration.ofSeconds(120));

        write(2, "0.9", "5", "50");
        marker.awaitReadable(Duration.ofSeconds(120));
        comparison.awaitEqual(Duration.ofSeconds(120));

        // Untouched large values do not come with the change.
        execute("update document set revision = 3");
        comparison.awaitEqual(Duration.ofSeconds(120));
        assertThat(product.verify().nothingFound()).isTrue();

        execute("delete from document where id = 3");
        Await.until("the entry of the deleted row is gone", Duration.ofSeconds(60))
                .holds(() -> read("document:3") == null);
        assertThat(comparison.compare().violations())
                .extracting(Violation::toString)
                .isEmpty();
        for (String service : SERVICES) {
            assertThat(Files.readString(
                            ((EmbeddedServer) product.part(service)).process().log()))
                    .as(service)
                    .doesNotContain("OutOfMemoryError");
            assertThat(product.part(service).isRunning()).as(service).isTrue();
        }
    }

    private void write(int revision, String... megabytes) throws SQLException {
        for (int id = 1; id <= megabytes.length; id++) {
            execute(
                    "insert into document values (%d, %d, body(%d, %d, %s)) on conflict (id) do update set body = excluded.body, revision = excluded.revision"
                            .formatted(id, revision, id, revision, megabytes[id - 1]));
        }
    }

    private String read(String key) throws IOException {
        try (RedisConnection redis = product.redis()) {
            return redis.get(key);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = product.database()) {
            Script.run(connection, sql);
        }
    }
}
