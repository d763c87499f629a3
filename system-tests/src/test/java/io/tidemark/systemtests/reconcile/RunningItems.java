package io.tidemark.systemtests.reconcile;

import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The running product with a table of items, started once for all tests of this JVM that reconcile, and killed when it ends. Its
 * logs stay in {@code target/items} until the next time. Each test leaves every entry right.
 */
final class RunningItems {
    static final Duration LIMIT = Duration.ofSeconds(60);

    final DirectProduct product;
    final Items items;
    final ReconcilerCalls reconciler;
    final Path pipeline;

    /** Initialised, and started, when it is first touched. */
    private static final class Shared {
        static final RunningItems RUNNING = start();
    }

    private RunningItems(Path directory) throws Exception {
        product = DirectProduct.startServers(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(product::kill, "kill the items' product"));
        items = new Items(product);
        items.create();
        pipeline = Items.pipeline(directory);
        product.startServices(pipeline, ReconcilerCalls.TOKENS);
        reconciler = new ReconcilerCalls(((ServiceProcess) product.part(Product.RECONCILER)).url());
        awaitRight();
    }

    static RunningItems shared() {
        return Shared.RUNNING;
    }

    private static RunningItems start() {
        try {
            Path directory = Path.of("target", "items").toAbsolutePath();
            remove(directory);
            return new RunningItems(Files.createDirectories(directory));
        } catch (Exception failed) {
            throw new IllegalStateException("the product with the items does not start", failed);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    /** Waits until the judge finds nothing wrong, and the entries that a query gives are there. */
    void awaitRight() {
        Await.until("the judge finds nothing wrong", LIMIT).holds(() -> {
            try (RedisConnection redis = product.redis()) {
                return items.wrong().isEmpty() && redis.get("named:item-99") != null;
            }
        });
    }

    /** A figure of cache-writer, all its labels together. */
    double metricOfWriter(String name) throws Exception {
        String metrics = ((ServiceProcess) product.part(Product.CACHE_WRITER))
                .get("/prometheus")
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
