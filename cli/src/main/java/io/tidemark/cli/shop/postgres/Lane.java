package io.tidemark.cli.shop.postgres;

import io.tidemark.cli.shop.ShopChange;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection that makes transactions in the order they are put. When the database goes away it tries again until
 * it is back, so a restart of PostgreSQL only makes the shop late.
 */
final class Lane {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofMillis(300);

    /** Told of each transaction made, with the row changes it committed. */
    interface Counter {
        void made(ShopChange change, long rows);
    }

    private final EmbeddedPostgres postgres;
    private final Consumer<String> trouble;
    private final Counter counter;
    private final Thread thread;
    private final BlockingQueue<ShopChange> changes = new ArrayBlockingQueue<>(64);
    private volatile boolean finishing;
    private @Nullable Connection connection;
    private boolean inTrouble;

    Lane(String name, EmbeddedPostgres postgres, Consumer<String> trouble, Counter counter) {
        this.postgres = postgres;
        this.trouble = trouble;
        this.counter = counter;
        this.thread = new Thread(this::work, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits while the lane has too much to do. */
    void put(ShopChange change) throws InterruptedException {
        while (!changes.offer(change, 100, TimeUnit.MILLISECONDS)) {
            if (finishing) {
                return;
            }
        }
    }

    /** Makes what was put, then ends; gives up on the rest when the database is away. */
    void finish() throws InterruptedException {
        finishing = true;
        thread.join();
    }

    private void work() {
        try {
            while (true) {
                ShopChange change = changes.poll(20, TimeUnit.MILLISECONDS);
                if (change != null) {
                    make(change);
                } else if (finishing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private void make(ShopChange change) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                counter.made(change, attempt(change));
                out("the shop writes again", false);
                return;
            } catch (SQLException e) {
                disconnect();
                if (attempt > 1 && UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    // An earlier try was committed though its answer was lost.
                    counter.made(change, change.expectedRows());
                    return;
                }
                out("the shop cannot write, and tries again: " + e.getMessage(), true);
                if (finishing || (attempt == ATTEMPTS && !isAway(e))) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    /** Whether the server could not be asked: then it is worth trying for as long as it takes. */
    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57") || state.startsWith("53");
    }

    private void out(String text, boolean nowInTrouble) {
        if (inTrouble != nowInTrouble) {
            inTrouble = nowInTrouble;
            trouble.accept(text);
        }
    }

    private long attempt(ShopChange change) throws SQLException {
        Connection open = connection();
        long rows = 0;
        for (ShopChange.Statement step : change.statements()) {
            try (PreparedStatement statement = open.prepareStatement(step.sql())) {
                for (int i = 0; i < step.values().size(); i++) {
                    statement.setObject(i + 1, step.values().get(i));
                }
                rows += statement.executeUpdate();
            }
        }
        if (!change.commit()) {
            open.rollback();
            return 0;
        }
        open.commit();
        return rows;
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = postgres.connect();
            open.setAutoCommit(false);
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                trouble.accept("a connection of the shop did not close: " + e.getMessage());
            }
        }
    }
}
