package io.tidemark.cli.shop;

/**
 * How many rows the shop begins with, all following from the number of products.
 *
 * @param products 1 to 100,000,000
 */
public record ShopSize(int products, int shops, int categories, int customers, int employees, int bills) {
    private static final int EMPLOYEES_A_SHOP = 8;

    /** The shop that sells so many products. */
    public static ShopSize ofProducts(int products) {
        if (products < 1 || products > 100_000_000) {
            throw new IllegalArgumentException("products must be between 1 and 100,000,000; found " + products);
        }
        int shops = between(4, products / 1_500, 40);
        int categories = between(5, products / 250, 200);
        int customers = between(20, products / 5, 50_000);
        int bills = between(10, products / 5, 20_000);
        return new ShopSize(products, shops, categories, customers, shops * EMPLOYEES_A_SHOP, bills);
    }

    /** Rows of all tables but the bills' lines, whose number depends on the seed. */
    public long rowsWithoutLines() {
        return (long) products + shops + categories + customers + employees + bills;
    }

    /** The shop that owns a product, a customer, an employee or a bill: ids are dealt out in turn, from 1. */
    int shopOf(long id) {
        return (int) ((id - 1) % shops) + 1;
    }

    private static int between(int lowest, int wanted, int highest) {
        return Math.max(lowest, Math.min(wanted, highest));
    }
}
