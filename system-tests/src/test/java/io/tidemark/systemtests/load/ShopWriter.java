package io.tidemark.systemtests.load;

import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread that writes to the shop's tables, at random from a seed, until it is stopped. It writes to rows of its own
 * only, so that it knows the order of their changes. When the database goes away it connects again and looks at what
 * has become of its rows. What it committed it tells the observations.
 */
public final class ShopWriter implements AutoCloseable {

    private final Product product;
    private final Observations seen;
    private final int lane;
    private final int lanes;
    private final Random random;
    private final long nanosPerTransaction;
    private final AtomicLong transactions = new AtomicLong();
    private final Thread thread;

    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    private final List<Integer> ids = new ArrayList<>();
    private final List<Long> bills = new ArrayList<>();
    private int nextId;
    private long nextBill;
    private long nextCartItem;

    private ShopWriter(Product product, Observations seen, int lane, int lanes, long seed, int perSecond) {
        this.product = product;
        this.seen = seen;
        this.lane = lane;
        this.lanes = lanes;
        this.random = new Random(seed * 31 + lane);
        this.nanosPerTransaction = 1_000_000_000L / perSecond;
        this.nextId = 10_000 * lanes + lane;
        this.nextBill = lanes + lane;
        this.nextCartItem = lanes + lane;
        this.thread = new Thread(this::writeUntilStopped, "shop writer " + lane);
        thread.setDaemon(true);
    }

    /** @param perSecond transactions of this writer a second, at most */
    public static ShopWriter start(Product product, Observations seen, int lane, int lanes, long seed, int perSecond) {
        ShopWriter writer = new ShopWriter(product, seen, lane, lanes, seed, perSecond);
        writer.thread.start();
        return writer;
    }

    /** Waits until this many more transactions are through. */
    public void awaitMore(long count) {
        long goal = transactions.get() + count;
        Await.until(goal + " transactions are through", Duration.ofSeconds(120)).sees(transactions::get, n -> {
            requireAlive();
            return n >= goal;
        });
    }

    public long transactions() {
        return transactions.get();
    }

    /** Stops after the transaction of the moment. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(60_000);
        requireAlive();
    }

    private void requireAlive() {
        Throwable reason = failure;
        if (reason != null) {
            throw new AssertionError("the shop's writer " + lane + " failed", reason);
        }
    }

    private void writeUntilStopped() {
        try {
            while (!stopping) {
                writeUntilDisconnected();
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void writeUntilDisconnected() throws SQLException {
        try (Connection connection = product.database()) {
            connection.setAutoCommit(false);
            lookAgain(connection);
            while (!stopping) {
                step(connection);
                transactions.incrementAndGet();
                LockSupport.parkNanos(nanosPerTransaction);
            }
        } catch (SQLException e) {
            boolean connectionLost = e.getSQLState() != null && e.getSQLState().matches("08.*|57P0.");
            if (!connectionLost) {
                throw e;
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Whether the last commit went through is not known after a lost connection: the database knows. */
    private void lookAgain(Connection connection) throws SQLException {
        ids.clear();
        bills.clear();
        try (Statement statement = connection.createStatement()) {
            for (long id : own(statement, "product")) {
                ids.add((int) id);
                nextId = Math.max(nextId, (int) id + lanes);
            }
            for (long id : own(statement, "bill")) {
                bills.add(id);
                nextBill = Math.max(nextBill, id + lanes);
            }
            for (long id : own(statement, "cart_item")) {
                nextCartItem = Math.max(nextCartItem, id + lanes);
            }
        }
        connection.rollback();
    }

    private List<Long> own(Statement statement, String table) throws SQLException {
        List<Long> own = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(
                "select id from " + table + " where id % " + lanes + " = " + lane + " order by id")) {
            while (rows.next()) {
                own.add(rows.getLong(1));
            }
        }
        return own;
    }

    private void step(Connection connection) throws SQLException {
        ShopTransaction work = new ShopTransaction(connection, seen, random);
        int dice = random.nextInt(100);
        if (ids.size() < 30 || dice < 12) {
            insertProduct(work);
        } else if (dice < 52) {
            work.updateProduct(any(ids));
        } else if (dice < 60) {
            updateMany(work);
        } else if (dice < 67) {
            work.deleteProduct(ids.remove(random.nextInt(ids.size())));
        } else if (dice < 71) {
            int id = any(ids);
            work.deleteProduct(id);
            work.insertProduct(id);
        } else if (dice < 75) {
            moveProduct(work);
        } else if (dice < 80) {
            work.updateProduct(any(ids));
            work.rollBack();
            return;
        } else if (dice < 83) {
            work.viewProduct(any(ids));
        } else if (dice < 90 || bills.isEmpty()) {
            insertBill(work);
        } else if (dice < 94) {
            work.payBill(any(bills));
        } else if (dice < 96) {
            work.deleteBill(bills.remove(random.nextInt(bills.size())));
        } else {
            cart(work, dice);
        }
        work.commit();
    }

    private void insertProduct(ShopTransaction work) throws SQLException {
        work.insertProduct(nextId);
        ids.add(nextId);
        nextId += lanes;
    }

    private void updateMany(ShopTransaction work) throws SQLException {
        for (int i = 0; i < 20; i++) {
            work.updateProduct(any(ids));
        }
    }

    private void moveProduct(ShopTransaction work) throws SQLException {
        int at = random.nextInt(ids.size());
        work.moveProduct(ids.get(at), nextId);
        ids.set(at, nextId);
        nextId += lanes;
    }

    private void insertBill(ShopTransaction work) throws SQLException {
        work.insertBill(nextBill, 1 + random.nextInt(4));
        bills.add(nextBill);
        nextBill += lanes;
    }

    private void cart(ShopTransaction work, int dice) throws SQLException {
        if (dice == 99 && lane == 0 && random.nextInt(8) == 0) {
            work.emptyCarts();
        } else {
            work.addToCart(nextCartItem);
            nextCartItem += lanes;
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
