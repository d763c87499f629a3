package io.tidemark.systemtests.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The statements of one transaction, and what has to be told of them once it is committed. */
final class ShopTransaction {

    private final Connection connection;
    private final Observations seen;
    private final Random random;
    private final List<Runnable> beforeCommit = new ArrayList<>();
    private final List<Runnable> onceCommitted = new ArrayList<>();

    ShopTransaction(Connection connection, Observations seen, Random random) {
        this.connection = connection;
        this.seen = seen;
        this.random = random;
    }

    static String key(int product) {
        return "product:" + product;
    }

    /** What of a product's state is compared while the run goes on. */
    static String state(long number, int stock) {
        return number + "/" + stock;
    }

    void insertProduct(int id) throws SQLException {
        int stock = random.nextInt(1_000);
        long number = change(id, stock);
        execute(
                "insert into product (id, change_no, name, price, stock, category_id, weight, tags, attributes, note)"
                        + " values (?, ?, ?, ?::numeric / 100, ?, ?, ?, array[?, 'é\"'], jsonb_build_object('colour', ?::int), repeat(?, ?))",
                id,
                number,
                "product " + id,
                random.nextInt(100_000),
                stock,
                1 + random.nextInt(20),
                random.nextFloat(),
                "tag " + random.nextInt(9),
                random.nextInt(9),
                "large ",
                random.nextInt(10) == 0 ? 2_000 : 1);
    }

    void updateProduct(int id) throws SQLException {
        int stock = random.nextInt(1_000);
        long number = change(id, stock);
        execute(
                "update product set change_no = ?, stock = ?, price = price + 0.01, changed_at = clock_timestamp() where id = ?",
                number,
                stock,
                id);
    }

    void viewProduct(int id) throws SQLException {
        execute("update product set view_count = view_count + 1 where id = ?", id);
    }

    void deleteProduct(int id) throws SQLException {
        execute("delete from product where id = ?", id);
    }

    void moveProduct(int from, int to) throws SQLException {
        int stock = random.nextInt(1_000);
        long number = change(to, stock);
        execute("update product set id = ?, change_no = ?, stock = ? where id = ?", to, number, stock, from);
    }

    void insertBill(long id, int lines) throws SQLException {
        execute("insert into bill (id, customer, state, total) values (?, 'customer', 'open', ?::numeric / 7)", id, id);
        for (int line = 1; line <= lines; line++) {
            execute("insert into bill_line values (?, ?, ?, 1.5)", id, line, random.nextInt(100));
        }
    }

    void payBill(long id) throws SQLException {
        execute("update bill set state = 'paid' where id = ?", id);
    }

    void deleteBill(long id) throws SQLException {
        execute("delete from bill where id = ?", id);
    }

    void addToCart(long id) throws SQLException {
        execute("insert into cart_item (id, product_id) values (?, ?)", id, random.nextInt(100));
    }

    void emptyCarts() throws SQLException {
        execute("truncate cart_item");
    }

    void commit() throws SQLException {
        beforeCommit.forEach(Runnable::run);
        connection.commit();
        onceCommitted.forEach(Runnable::run);
    }

    void rollBack() throws SQLException {
        connection.rollback();
    }

    private long change(int id, int stock) {
        String key = key(id);
        long number = seen.nextNumber(key);
        // Told before the commit: a reader may see the value before the writer hears that it is committed.
        beforeCommit.add(() -> seen.aboutToCommit(key, state(number, stock)));
        onceCommitted.add(() -> seen.committed(key, number));
        return number;
    }

    private void execute(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
