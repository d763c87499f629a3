package io.tidemark.systemtests.load;

import io.tidemark.systemtests.product.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables that {@link ShopWriter} writes to, and what a test itself knows of their caches. */
public final class Shop {

    /** The caches of {@code load/shop.yaml}. */
    public static final List<TableAndCache> CACHES = List.of(
            TableAndCache.of("category", "'category:' || t.id", "category:*"),
            new TableAndCache("product", "'product:' || t.id", "to_jsonb(t) - 'view_count'", "product:*"),
            TableAndCache.of("bill", "'bill:' || t.id", "bill:*"),
            TableAndCache.of("bill_line", "'bill-line:' || t.bill_id || ':' || t.line_no", "bill-line:*"),
            TableAndCache.of("cart_item", "'cart-item:' || t.id", "cart-item:*"),
            TableAndCache.of("marker", "'marker:' || t.id", "marker:*"));

    private Shop() {}

    /** Makes the tables, and products with the ids from 1 on, of which readers may see the first state too. */
    public static void create(Product product, int products, Observations seen) throws SQLException {
        try (Connection connection = product.database()) {
            Script.run(connection, Script.text("load/shop.sql"));
            Script.run(
                    connection,
                    "insert into product (id, change_no, name, price, stock, category_id)"
                            + " select n, 0, 'product ' || n, n / 7.0, n % 50, 1 + n % 20 from generate_series(1, "
                            + products + ") n");
        }
        for (int id = 1; id <= products; id++) {
            seen.aboutToCommit(ShopTransaction.key(id), ShopTransaction.state(0, id % 50));
        }
    }
}
