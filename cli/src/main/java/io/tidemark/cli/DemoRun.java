package io.tidemark.cli;

import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.api.Comparison;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.Verification;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.LiveLine;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.shop.ShopFiles;
import io.tidemark.cli.shop.ShopSize;
import io.tidemark.cli.shop.postgres.ShopLoader;
import io.tidemark.cli.shop.postgres.Traffic;
import io.tidemark.cli.shop.postgres.Visitors;
import io.tidemark.cli.shop.redis.ShopCache;
import io.tidemark.cli.stack.Stack;
import io.tidemark.testkit.orders.EmbeddedOrderFeed;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One demo from the first server to the summary. Not thread-safe. */
final class DemoRun {
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final Duration LIVE_LINE_EVERY = Duration.ofMillis(500);
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(10);

    private final Stack stack;
    private final EmbeddedOrderFeed orders;
    private final Screen screen;
    private final long seed;
    private final ShopSize size;
    private final double rate;
    private final @Nullable Duration duration;
    private final long began = System.nanoTime();

    DemoRun(
            Stack stack,
            EmbeddedOrderFeed orders,
            Screen screen,
            long seed,
            ShopSize size,
            double rate,
            @Nullable Duration duration) {
        this.stack = stack;
        this.orders = orders;
        this.screen = screen;
        this.seed = seed;
        this.size = size;
        this.rate = rate;
        this.duration = duration;
    }

    /** The text of the demo's own pipeline file. */
    static String pipelineFile() {
        return ShopFiles.pipeline();
    }

    /** @throws InterruptedException when it is stopped before the shop has begun to write, or while it is settling */
    DemoSummary run() throws InterruptedException {
        screen.line(String.format(
                Locale.ROOT,
                "The demo shop: %,d products in %d shops, %,.0f changes a second, seed %d",
                size.products(),
                size.shops(),
                rate,
                seed));
        stack.startServers();
        EmbeddedPostgres postgres = stack.postgres();
        stack.startPositionService();
        long rows = load(postgres);
        stack.giveRights();
        stack.startServices();
        new ReadyWait(stack, screen).await(READY_LIMIT);
        Map<String, String> urls = stack.serviceUrls();
        ServiceClient ingest = client(urls, "ingest-service");
        ServiceClient cacheWriter = client(urls, "cache-writer");
        ServiceClient reconciler = client(urls, "reconciler");
        new SnapshotWait(stack, screen, ingest, cacheWriter).await(rows);
        screen.line(Console.address(stack.serviceUrls(), stack.tokenFile()));
        Traffic traffic = new Traffic(seed, size, rate, postgres, screen::line);
        try (ShopCache cache = new ShopCache(
                        stack.redis().url(),
                        stack.application().getKey(),
                        stack.application().getValue());
                DemoWatch watch = new DemoWatch(cacheWriter, reconciler, traffic, driftIsCheap())) {
            Visitors visitors = new Visitors(seed, size.shops(), postgres, cache.entries());
            return write(traffic, visitors, watch, reconciler, postgres);
        }
    }

    private ServiceClient client(Map<String, String> urls, String name) {
        String url = urls.get(name);
        if (url == null) {
            throw new IllegalStateException("BUG: no address of " + name);
        }
        return new ServiceClient(name, url, stack.token());
    }

    private AdminClient positions() {
        try {
            Path token = stack.tokenFile()
                    .orElseThrow(() -> new CommandFailure(
                            ExitCode.USAGE, "the demo makes a token of its own: unset TIDEMARK_POSITIONS_ADMIN_TOKEN"));
            return new AdminClient(
                    "position-service",
                    String.valueOf(stack.serviceUrls().get("position-service")),
                    Files.readString(token).strip());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "the token of position-service cannot be read", e);
        }
    }

    private boolean driftIsCheap() {
        return size.products() <= 50_000;
    }

    private long load(EmbeddedPostgres postgres) throws InterruptedException {
        long start = System.nanoTime();
        long rows = new ShopLoader(
                        postgres,
                        seed,
                        size,
                        written -> screen.live("Filling the shop: " + Numbers.grouped(written) + " rows"))
                .load();
        screen.clearLive();
        screen.line(String.format(
                Locale.ROOT, "The shop is filled: %,d rows (%.1f s)", rows, seconds(System.nanoTime() - start)));
        return rows;
    }

    private DemoSummary write(
            Traffic traffic, Visitors visitors, DemoWatch watch, ServiceClient reconciler, EmbeddedPostgres postgres)
            throws InterruptedException {
        long start = System.nanoTime();
        Duration startup = Duration.ofNanos(start - began);
        traffic.start();
        visitors.start();
        watch.start();
        screen.line(String.format(
                Locale.ROOT,
                "First change %.1f s after the start. %s",
                seconds(start - began),
                duration == null ? "Ctrl-C ends the demo." : "The shop writes for " + duration.toSeconds() + " s."));
        try {
            showUntil(duration == null ? Long.MAX_VALUE : start + duration.toNanos(), watch);
        } catch (InterruptedException e) {
            screen.endLive();
            screen.line("Stopping …");
            traffic.stop();
            if (duration != null) {
                throw e;
            }
            return summary(traffic, watch, Duration.ofNanos(System.nanoTime() - start), startup, null, null);
        }
        traffic.stop();
        Duration wrote = Duration.ofNanos(System.nanoTime() - start);
        visitors.stop();
        screen.endLive();
        screen.line("The shop has stopped writing; comparing every entry with the database");
        DemoOrders.settle(orders, positions(), SETTLE_LIMIT);
        new Settling(stack, reconciler, postgres).await(SETTLE_LIMIT);
        Comparison comparison =
                Verification.begin(reconciler, null).await(SETTLE_LIMIT, text -> screen.live("Comparing " + text));
        screen.clearLive();
        return summary(traffic, watch, wrote, startup, comparison, pages(visitors));
    }

    private static Visitors.Pages pages(Visitors visitors) {
        try {
            return visitors.compare();
        } catch (SQLException e) {
            throw new CommandFailure(ExitCode.FAILED, "the shop's pages cannot be compared with the database", e);
        }
    }

    private void showUntil(long end, DemoWatch watch) throws InterruptedException {
        while (System.nanoTime() < end) {
            stack.check();
            screen.live(LiveLine.render(watch.sample(), screen.width()));
            TimeUnit.MILLISECONDS.sleep(Math.max(
                    1, Math.min(LIVE_LINE_EVERY.toMillis(), TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()))));
        }
    }

    private DemoSummary summary(
            Traffic traffic,
            DemoWatch watch,
            Duration wrote,
            Duration startup,
            @Nullable Comparison comparison,
            Visitors.@Nullable Pages pages)
            throws InterruptedException {
        watch.look();
        return new DemoSummary(
                seed,
                size.products(),
                traffic.written(),
                watch.sample().applied().orElse(0),
                wrote,
                startup,
                watch.p50OfRun(),
                watch.p99OfRun(),
                watch.firstP99OfRun(),
                comparison,
                pages);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
