package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.testkit.orders.EmbeddedOrderFeed;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.orders.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The demo's five stores: the simulated order API they sell by, and how position-service finds it. Not thread-safe. */
final class DemoOrders {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<StoreSettings> STORES = SimulatorSettings.FIVE_STORES;
    /** So many times the real API's limits, to show in minutes what otherwise takes hours. */
    private static final int LIMITS_TIMES = 20;

    private static final String LIMITS = 5 * LIMITS_TIMES + "/s," + 50 * LIMITS_TIMES + "/min," + 1_000 * LIMITS_TIMES
            + "/h," + 10_000 * LIMITS_TIMES + "/day";
    /** The shops' older orders were taken in before, by another program, as it were. */
    private static final int NOT_YET_TAKEN_IN = 200;

    private static final Duration PAUSE = Duration.ofMillis(100);

    private DemoOrders() {}

    /** The simulated API, not started yet: four new orders a second, two late edits, a deletion now and then. */
    static EmbeddedOrderFeed feed(Path directory, long seed) {
        List<String> arguments = new ArrayList<>(List.of(
                "--seed",
                Long.toString(seed),
                "--limits-times",
                Integer.toString(LIMITS_TIMES),
                "--traffic",
                "4,2,0.2"));
        STORES.forEach(store -> arguments.addAll(
                List.of("--store", store.name() + "=" + store.lastOrder() + "/" + store.gapsPerThousand())));
        return new EmbeddedOrderFeed(directory, arguments);
    }

    /** What position-service must be told to find it. */
    static Map<String, String> environment(EmbeddedOrderFeed feed) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TIDEMARK_FEED_URL", feed.url());
        environment.put(
                "TIDEMARK_FEED_STORES", STORES.stream().map(StoreSettings::name).collect(Collectors.joining(",")));
        environment.put("TIDEMARK_FEED_TOKENS", feed.tokens().toString());
        environment.put("TIDEMARK_FEED_LIMITS", LIMITS);
        environment.put("TIDEMARK_FEED_EVERY_SECONDS", "2");
        STORES.forEach(store -> environment.put(
                "TIDEMARK_FEED_BEGIN_AFTER_" + store.name(), Integer.toString(store.lastOrder() - NOT_YET_TAKEN_IN)));
        return environment;
    }

    /**
     * Ends the shops' sales, waits until every order is taken in, then holds the syncs, so that nothing is written any
     * more.
     *
     * @throws CommandFailure with exit code 124 when orders are still missing after that time
     */
    static void settle(EmbeddedOrderFeed feed, AdminClient positions, Duration limit) throws InterruptedException {
        try {
            feed.admin("POST", "traffic?new=0");
            long deadline = System.nanoTime() + limit.toNanos();
            while (!missing(feed, positions).isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new CommandFailure(
                            ExitCode.WAITED_TOO_LONG,
                            "orders are not taken in after " + limit.toSeconds() + " s: " + missing(feed, positions));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
            for (StoreSettings store : STORES) {
                positions.post("/api/admin/positions/" + store.name() + "/pause", "");
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "the demo's order API does not answer", e);
        }
    }

    private static List<String> missing(EmbeddedOrderFeed feed, AdminClient positions)
            throws IOException, InterruptedException {
        Map<String, Long> taken = new HashMap<>();
        for (JsonNode store : positions.get("/api/admin/sync-position-status").path("positions")) {
            taken.put(
                    store.path("store").asText(),
                    store.path("position").path("last_id").asLong());
        }
        List<String> missing = new ArrayList<>();
        for (JsonNode store : JSON.readTree(feed.admin("GET", "stores"))) {
            String name = store.path("store").asText();
            if (taken.getOrDefault(name, 0L) < store.path("lastId").asLong()) {
                missing.add(name);
            }
        }
        return missing;
    }
}
