package io.tidemark.cli.shop;

import java.util.List;

/**
 * One transaction of the shop: the statements in order, and whether it is committed in the end.
 *
 * @param shop the shop it belongs to, from 1; changes of one shop are made in the order of the plan
 * @param expectedRows about how many row changes it makes; the database tells the true number
 */
public record ShopChange(Kind kind, int shop, boolean commit, int expectedRows, List<Statement> statements) {
    /** What happens in the shop. */
    public enum Kind {
        SALE,
        SALE_GIVEN_UP,
        BILL_VOIDED,
        PRODUCT_VIEWED,
        PRICE_CHANGED,
        STOCK_COUNTED,
        PRODUCT_RENAMED,
        PRODUCT_ADDED,
        PRODUCT_REMOVED,
        BULK_PRICES,
        CUSTOMER_ADDED,
        POINTS_GIVEN,
        PAY_RAISED,
        CATEGORY_RENAMED
    }

    /** One statement with the values of its parameters. */
    public record Statement(String sql, List<Object> values) {
        public Statement {
            values = List.copyOf(values);
        }
    }

    public ShopChange {
        statements = List.copyOf(statements);
    }
}
