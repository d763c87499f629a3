package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.shop.ShopPage;
import io.tidemark.cli.shop.ShopSize;
import io.tidemark.cli.stack.DataDirectory;
import io.tidemark.cli.stack.Leftovers;
import io.tidemark.cli.stack.Stack;
import io.tidemark.cli.stack.StackRequest;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.testkit.orders.EmbeddedOrderFeed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark demo}: a shop that writes, and its caches that follow, all on this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts PostgreSQL, Kafka, Redis and the services with a demo shop that writes, and shows how its"
                + " caches keep up. Ctrl-C stops everything; with --duration it ends by itself, compares every entry"
                + " with the database and exits 0 only if nothing differs.")
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--products",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many products the shop begins with (default: ${DEFAULT-VALUE}).")
    private int products;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Row changes a second (default: ${DEFAULT-VALUE}); 0 writes nothing.")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "D",
            description = "How long to write, such as 30s or 5m; then compare everything and end.")
    private @Nullable Duration duration;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "The same seed gives the same shop and the same changes in the same order"
                    + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print the summary as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private StackOptions options = new StackOptions();

    @Override
    public Integer call() throws InterruptedException {
        ShopSize size = size();
        if (!(rate >= 0 && rate <= 1_000_000)) {
            throw new CommandFailure(ExitCode.USAGE, "--rate is a number from 0 to 1,000,000; found " + rate);
        }
        Screen screen = Screen.ofProcess();
        try (DataDirectory directory = DataDirectory.lock(options.data())) {
            Leftovers.await(directory.runFile(), screen::line);
            Path data = directory.emptyFolder("demo");
            Path file = data.resolve("tidemark.yaml");
            directory.write(file, DemoRun.pipelineFile());
            Pipeline pipeline = Pipelines.read(file, Map.of());
            EmbeddedOrderFeed orders = DemoOrders.feed(data.resolve("order-api"), seed);
            StackRequest request = new StackRequest(
                    "demo",
                    StackOptions.home(),
                    file,
                    pipeline,
                    options.ports(pipeline),
                    data,
                    "shop",
                    false,
                    ShopPage.keyPatterns(),
                    DemoOrders.environment(orders),
                    orders);
            DemoSummary summary;
            try (Stack stack = new Stack(request, directory, screen::line)) {
                summary = new DemoRun(stack, orders, screen, seed, size, rate, duration).run();
            }
            directory.delete("demo");
            System.out.println(json ? summary.json() : summary.text());
            return summary.exitCode();
        }
    }

    private ShopSize size() {
        try {
            return ShopSize.ofProducts(products);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "--" + e.getMessage(), e);
        }
    }
}
