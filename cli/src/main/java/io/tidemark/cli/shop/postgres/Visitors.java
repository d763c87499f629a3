package io.tidemark.cli.shop.postgres;

import io.tidemark.cli.shop.ShopPage;
import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache;
import io.tidemark.client.Keep;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * People who look at the shop's pages while it is at work: the pages come from Redis, or are computed and kept there. One
 * thread, {@code shop-visitors}. {@link #start} and {@link #stop} are each called once.
 */
public final class Visitors {
    private static final long BETWEEN_MILLIS = 20;
    private static final Duration TTL = Duration.ofHours(1);

    private final EmbeddedPostgres postgres;
    private final ApplicationCache cache;
    private final int shops;
    private final SplittableRandom random;
    private final Thread thread = new Thread(this::visit, "shop-visitors");
    private volatile boolean stopping;
    private @Nullable Connection connection;

    public Visitors(long seed, int shops, EmbeddedPostgres postgres, ApplicationCache cache) {
        this.random = new SplittableRandom(seed);
        this.shops = shops;
        this.postgres = postgres;
        this.cache = cache;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Ends; the pages stay. */
    public void stop() throws InterruptedException {
        stopping = true;
        thread.join();
        disconnect();
    }

    private void visit() {
        ShopPage[] pages = ShopPage.values();
        try {
            while (!stopping) {
                ShopPage page = pages[random.nextInt(pages.length)];
                int shop = 1 + random.nextInt(shops);
                try {
                    look(page, shop);
                } catch (InterruptedException stop) {
                    throw stop;
                } catch (Exception databaseAway) {
                    // The tills say it already; the visitor looks again.
                    disconnect();
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String look(ShopPage page, int shop) throws Exception {
        return cache.readThrough(page.key(shop), Keep.forTtl(TTL, page.tags(shop)), () -> compute(page, shop));
    }

    /**
     * Compares every page that is kept with what the database has now. Called after {@link #stop}, when all changes are
     * applied.
     */
    public Pages compare() throws SQLException {
        List<String> stale = new ArrayList<>();
        int kept = 0;
        for (ShopPage page : ShopPage.values()) {
            for (int shop = 1; shop <= shops; shop++) {
                Answer.Hit hit = cache.get(page.key(shop));
                if (hit != null) {
                    kept++;
                    if (!Objects.equals(hit.value(), compute(page, shop))) {
                        stale.add(page.key(shop));
                    }
                }
            }
        }
        disconnect();
        return new Pages(kept, stale);
    }

    /**
     * The pages at the end.
     *
     * @param kept how many are in Redis and right by the cache's word
     * @param stale the keys of those that differ from the database
     */
    public record Pages(int kept, List<String> stale) {
        public Pages {
            stale = List.copyOf(stale);
        }
    }

    private @Nullable String compute(ShopPage page, int shop) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = postgres.connect();
            connection = open;
        }
        try (PreparedStatement statement = open.prepareStatement(page.sql())) {
            statement.setLong(1, shop);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException alreadyGone) {
                // It is given up either way.
            }
        }
    }
}
