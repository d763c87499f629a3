package io.tidemark.cli.shop;

import io.tidemark.cli.shop.ShopChange.Kind;
import io.tidemark.cli.shop.ShopChange.Statement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in the shop, one transaction after the other: the same seed and size always give the same
 * transactions in the same order. Not thread-safe.
 */
public final class TrafficPlan {
    /** How often each kind happens, in parts of the sum. */
    private enum Share {
        SALE(21),
        VIEW(25),
        STOCK(14),
        PRICE(12),
        ADD(6),
        RENAME(5),
        POINTS(5),
        CUSTOMER(4),
        REMOVE(2),
        VOID(2),
        GIVE_UP(1),
        BULK(1),
        PAY(1),
        CATEGORY(1);

        private static final int SUM =
                java.util.Arrays.stream(values()).mapToInt(s -> s.parts).sum();
        private final int parts;

        Share(int parts) {
            this.parts = parts;
        }

        static Share at(int point) {
            int left = point;
            for (Share share : values()) {
                left -= share.parts;
                if (left < 0) {
                    return share;
                }
            }
            throw new IllegalStateException("BUG: " + point + " is not below " + SUM);
        }
    }

    private final SplittableRandom random;
    private final ShopSize size;
    private final List<LongList> productsOfShop = new ArrayList<>();
    private final List<LongList> billsOfShop = new ArrayList<>();
    private long nextProduct;
    private long nextCustomer;
    private long nextBill;

    public TrafficPlan(long seed, ShopSize size) {
        this.random = new SplittableRandom(seed ^ 0x7469_6465_6d61_726bL);
        this.size = size;
        this.nextProduct = size.products() + 1L;
        this.nextCustomer = size.customers() + 1L;
        this.nextBill = size.bills() + 1L;
        for (int shop = 1; shop <= size.shops(); shop++) {
            productsOfShop.add(owned(shop, size.products()));
            billsOfShop.add(owned(shop, size.bills()));
        }
    }

    private LongList owned(int shop, int count) {
        LongList ids = new LongList(count / size.shops() + 1);
        for (long id = shop; id <= count; id += size.shops()) {
            ids.add(id);
        }
        return ids;
    }

    /** What happens next. */
    public ShopChange next() {
        int shop = 1 + random.nextInt(size.shops());
        LongList products = productsOfShop.get(shop - 1);
        Share share = Share.at(random.nextInt(Share.SUM));
        if (products.size() < 2) {
            return productAdded(shop, products);
        }
        return switch (share) {
            case SALE -> sale(shop, products, true);
            case GIVE_UP -> sale(shop, products, false);
            case VOID -> billVoided(shop, products);
            case ADD -> productAdded(shop, products);
            case REMOVE -> productRemoved(shop, products);
            case BULK -> bulkPrices(shop);
            case CUSTOMER -> customerAdded();
            case POINTS -> pointsGiven();
            case PAY -> payRaised();
            case CATEGORY -> categoryRenamed();
            case VIEW, STOCK, PRICE, RENAME -> productChanged(share, shop, any(products));
        };
    }

    private ShopChange sale(int shop, LongList products, boolean commit) {
        long bill = nextBill++;
        int lines = 1 + random.nextInt(5);
        List<Statement> steps = new ArrayList<>();
        long customer = 1 + random.nextLong(nextCustomer - 1);
        steps.add(new Statement(ShopSql.OPEN_BILL, List.of(bill, (long) shop, customer, employee())));
        for (int line = 1; line <= lines; line++) {
            long product = any(products);
            int quantity = 1 + random.nextInt(6);
            steps.add(new Statement(ShopSql.ADD_LINE, List.of(bill, line, quantity, product)));
            steps.add(new Statement(ShopSql.TAKE_FROM_STOCK, List.of(quantity, product)));
        }
        steps.add(new Statement(ShopSql.PAY_BILL, List.of(bill)));
        if (commit) {
            billsOfShop.get(shop - 1).add(bill);
        }
        return new ShopChange(commit ? Kind.SALE : Kind.SALE_GIVEN_UP, shop, commit, commit ? 2 + 2 * lines : 0, steps);
    }

    private ShopChange billVoided(int shop, LongList products) {
        LongList bills = billsOfShop.get(shop - 1);
        if (bills.size() == 0) {
            return sale(shop, products, true);
        }
        long bill = bills.take(random.nextInt(bills.size()));
        return new ShopChange(
                Kind.BILL_VOIDED,
                shop,
                true,
                4,
                List.of(
                        new Statement(ShopSql.REMOVE_LINES, List.of(bill)),
                        new Statement(ShopSql.REMOVE_BILL, List.of(bill))));
    }

    private ShopChange productAdded(int shop, LongList products) {
        long id = nextProduct++;
        products.add(id);
        return one(
                Kind.PRODUCT_ADDED,
                shop,
                ShopSql.ADD_PRODUCT,
                List.of(
                        id,
                        (long) shop,
                        1L + random.nextInt(size.categories()),
                        Words.product(random),
                        Words.barcode(id),
                        random.nextInt(500),
                        price(),
                        price()));
    }

    private ShopChange productRemoved(int shop, LongList products) {
        long id = products.take(random.nextInt(products.size()));
        return one(Kind.PRODUCT_REMOVED, shop, ShopSql.REMOVE_PRODUCT, List.of(id));
    }

    private ShopChange productChanged(Share share, int shop, long id) {
        return switch (share) {
            case VIEW -> one(Kind.PRODUCT_VIEWED, shop, ShopSql.VIEW_PRODUCT, List.of(id));
            case STOCK -> one(Kind.STOCK_COUNTED, shop, ShopSql.COUNT_STOCK, List.of(random.nextInt(500), id));
            case PRICE -> one(Kind.PRICE_CHANGED, shop, ShopSql.CHANGE_PRICE, List.of(price(), id));
            default -> one(Kind.PRODUCT_RENAMED, shop, ShopSql.RENAME_PRODUCT, List.of(Words.product(random), id));
        };
    }

    private ShopChange bulkPrices(int shop) {
        int expected = Math.max(1, size.products() / size.shops() / size.categories());
        BigDecimal factor = BigDecimal.valueOf(90 + random.nextInt(21), 2);
        long category = 1L + random.nextInt(size.categories());
        return new ShopChange(
                Kind.BULK_PRICES,
                shop,
                true,
                expected,
                List.of(new Statement(ShopSql.BULK_PRICES, List.of(factor, (long) shop, category))));
    }

    private ShopChange customerAdded() {
        long id = nextCustomer++;
        // The shop that later changes of this customer come from, so that they come after this one.
        int shop = size.shopOf(id);
        return one(
                Kind.CUSTOMER_ADDED,
                shop,
                ShopSql.ADD_CUSTOMER,
                List.of(id, (long) shop, Words.person(random), "customer" + id + "@example.org"));
    }

    private ShopChange pointsGiven() {
        long customer = 1 + random.nextLong(nextCustomer - 1);
        return one(
                Kind.POINTS_GIVEN,
                size.shopOf(customer),
                ShopSql.GIVE_POINTS,
                List.of(1 + random.nextInt(50), customer));
    }

    private ShopChange payRaised() {
        long employee = employee();
        return one(Kind.PAY_RAISED, size.shopOf(employee), ShopSql.RAISE_PAY, List.of(employee));
    }

    private ShopChange categoryRenamed() {
        long category = 1L + random.nextInt(size.categories());
        String name = Words.category(category) + " (" + random.nextInt(1_000) + ")";
        return one(Kind.CATEGORY_RENAMED, size.shopOf(category), ShopSql.RENAME_CATEGORY, List.of(name, category));
    }

    private static ShopChange one(Kind kind, int shop, String sql, List<Object> values) {
        return new ShopChange(kind, shop, true, 1, List.of(new Statement(sql, values)));
    }

    private long any(LongList ids) {
        return ids.get(random.nextInt(ids.size()));
    }

    private long employee() {
        return 1L + random.nextInt(size.employees());
    }

    private BigDecimal price() {
        return BigDecimal.valueOf(49 + random.nextInt(20_000), 2);
    }
}
