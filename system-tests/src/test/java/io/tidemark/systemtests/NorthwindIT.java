package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.TableAndCache;
import io.tidemark.systemtests.product.UpProduct;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.service.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A database that no one here made, loaded into an empty one while {@code tidemark up} runs. */
class NorthwindIT {

    private static final List<TableAndCache> CACHES = List.of(
            TableAndCache.of("categories", "'category:' || t.category_id", "category:*"),
            TableAndCache.of(
                    "customer_customer_demo",
                    "'customer-demo:' || t.customer_id || ':' || t.customer_type_id",
                    "customer-demo:*"),
            TableAndCache.of("customer_demographics", "'demographics:' || t.customer_type_id", "demographics:*"),
            TableAndCache.of("customers", "'customer:' || t.customer_id", "customer:*"),
            TableAndCache.of("employees", "'employee:' || t.employee_id", "employee:*"),
            TableAndCache.of(
                    "employee_territories",
                    "'employee-territory:' || t.employee_id || ':' || t.territory_id",
                    "employee-territory:*"),
            TableAndCache.of("order_details", "'order-detail:' || t.order_id || ':' || t.product_id", "order-detail:*"),
            TableAndCache.of("orders", "'order:' || t.order_id", "order:*"),
            TableAndCache.of("products", "'product:' || t.product_id", "product:*"),
            TableAndCache.of("region", "'region:' || t.region_id", "region:*"),
            TableAndCache.of("shippers", "'shipper:' || t.shipper_id", "shipper:*"),
            TableAndCache.of("suppliers", "'supplier:' || t.supplier_id", "supplier:*"),
            TableAndCache.of("territories", "'territory:' || t.territory_id", "territory:*"),
            TableAndCache.of("us_states", "'us-state:' || t.state_id", "us-state:*"));

    /** Rows of all tables, as the script has them. */
    private static final int ROWS = 3_362;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyTableOfNorthwindIsInRedisAsPostgresSeesIt() throws Exception {
        Path script = script();
        assumeTrue(
                Files.isReadable(script),
                "Northwind is not there: " + script + "; TIDEMARK_NORTHWIND may name its file");
        Path pipeline = Script.copy("northwind/northwind.yaml", directory);
        try (UpProduct product = UpProduct.start(pipeline, directory)) {
            try (Connection connection = product.database()) {
                // A setting of PostgreSQL 11 and older, where psql would complain and go on.
                Script.run(connection, Files.readString(script).replace("SET default_with_oids = false;", ""));
            }
            product.awaitReady();
            FinalComparison comparison = new FinalComparison(product, CACHES);
            assertThat(comparison.awaitEqual(Duration.ofSeconds(120))).isEqualTo(ROWS);

            try (Connection connection = product.database()) {
                Script.run(connection, Script.text("northwind/changes.sql"));
            }
            int changed = comparison.awaitEqual(Duration.ofSeconds(30));
            System.out.println("Northwind: " + ROWS + " rows equal, then " + changed + " after its changes");
            assertThat(changed).isNotEqualTo(ROWS);
            Verification verification = product.verify();
            assertThat(verification.nothingFound()).as(verification.text()).isTrue();
        }
    }

    private static Path script() {
        String told = System.getenv("TIDEMARK_NORTHWIND");
        return Path.of(Objects.requireNonNullElse(
                told,
                Repository.root()
                        .resolve("../shared/data/northwind/northwind.sql")
                        .toString()));
    }
}
