package io.tidemark.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast a cache is compared, read again and repaired, and what the sampler takes, on one machine with the services as
 * {@code ./tidemark up} starts them. Run from the project's root after a build: {@code java -cp benchmarks/target/benchmarks.jar
 * io.tidemark.benchmarks.ReconcileSpeed [ROWS [REPAIRS [SECONDS [TTL]]]]}: how many products there are, how many of their entries
 * are repaired, how long the sampler is watched, and the time to live of entries, none for ever.
 */
public final class ReconcileSpeed {
    private static final int KEYS_AT_ONCE = 10_000;
    private static final int ROUNDS = 3;
    private static final String WRONG = "for i = ARGV[1], ARGV[2] do redis.call('SET', 'product:' .. i, '{}') end";
    private static final String GONE = "for i = ARGV[1], ARGV[2] do redis.call('UNLINK', 'product:' .. i) end";

    private final int rows;
    private final int repairs;
    private final int seconds;
    private final RunningStack stack;
    private final RedisConnection redis;
    private final EmbeddedPostgres postgres;

    private ReconcileSpeed(int rows, int repairs, int seconds, RunningStack stack, EmbeddedPostgres postgres)
            throws Exception {
        this.postgres = postgres;
        this.rows = rows;
        this.repairs = Math.min(rows, repairs);
        this.seconds = seconds;
        this.stack = stack;
        JsonNode server = stack.run().path("redis");
        URI url = URI.create(server.path("url").asText());
        this.redis = RedisConnection.open(url.getHost(), url.getPort(), password(server));
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int repairs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 30;
        String ttl = arguments.length > 3 ? "    ttl: " + arguments[3] + "\n" : "";
        Path directory = Files.createTempDirectory("tidemark-benchmark");
        print("%,d rows, %,d repairs, sampler watched for %d s, logs in %s", rows, repairs, seconds, directory);
        EmbeddedPostgres postgres = new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres")));
        try (postgres) {
            postgres.start();
            try (ProductTable table = new ProductTable(postgres)) {
                table.create(rows);
                try (RunningStack stack = new RunningStack(directory, postgres, ProductTable.PIPELINE + ttl)) {
                    ReconcileSpeed speed = new ReconcileSpeed(rows, repairs, seconds, stack, postgres);
                    speed.filled();
                    stack.awaitApplied(table.walPosition());
                    table.awaitNoVacuum();
                    speed.measure();
                }
            }
        }
    }

    private void measure() throws Exception {
        print("heap of the reconciler: %s, of cache-writer: %s", heap("reconciler"), heap("cache-writer"));
        compare();
        resync("as it is");
        for (int round = 1; round <= ROUNDS; round++) {
            spoil(GONE, rows);
            resync("with every value gone");
        }
        for (int round = 1; round <= ROUNDS; round++) {
            spoil(WRONG, repairs);
            repair();
        }
        compare();
        sampler();
        for (String service : new String[] {"cache-writer", "reconciler"}) {
            print("%s: %d MiB resident at most", service, stack.peakResidentMiB(service));
        }
        redis.close();
    }

    private void filled() throws Exception {
        Deadline deadline = new Deadline(Duration.ofMinutes(10), "the first snapshot");
        while (!(redis.call("DBSIZE") instanceof Long size) || size < 2L * rows) {
            deadline.pause();
        }
    }

    private void compare() throws Exception {
        JsonNode run = stack.verify();
        print(
                "compared: %,d of %,d entries consistent in %.2f s",
                run.at("/result/product/consistent").asLong(),
                rows,
                run.path("seconds").asDouble());
    }

    private void resync(String state) throws Exception {
        ProcessorTime before = processorTime();
        JsonNode begun =
                stack.post("cache-writer", "/api/cache/resync", "{\"caches\": [\"product\"], \"force\": true}");
        JsonNode cache = stack.ended("cache-writer", begun.path("href").asText())
                .path("caches")
                .path(0);
        print(
                "resynced %s: %,d products, %,d written, in %.2f s",
                state,
                cache.path("product_count").asLong(),
                cache.path("written").asLong(),
                cache.path("duration_ms").asLong() / 1000.0);
        print("  processor time a row, in µs: %s", processorTime().perRowSince(before, rows));
    }

    private void repair() throws Exception {
        ProcessorTime before = processorTime();
        JsonNode begun = stack.post("reconciler", "/api/reconcile", "{\"maxInstances\": " + repairs + "}");
        JsonNode run =
                stack.ended("reconciler", "/api/reconcile/" + begun.path("id").asText());
        JsonNode cache = run.at("/result/product");
        double took = run.path("seconds").asDouble();
        print(
                "repaired: %,d of %,d wrong entries found, explained, repaired and looked at again in %.2f s (%,.0f/s); causes %s",
                cache.path("repaired").asLong(),
                repairs,
                took,
                cache.path("repaired").asLong() / took,
                cache.path("causes"));
        print("  processor time a repair, in µs: %s", processorTime().perRowSince(before, repairs));
    }

    private ProcessorTime processorTime() throws IOException, InterruptedException {
        Map<String, Long> processes = stack.processes();
        processes.put("postgresql", postgres.process().pid());
        return ProcessorTime.now(processes);
    }

    /** The share of a core that the sampler's thread takes, and the whole reconciler with nothing else to do. */
    private void sampler() throws Exception {
        long pid = pid("reconciler");
        long thread = threadMillis(pid, "sampler");
        ProcessorTime before = ProcessorTime.now(Map.of("reconciler", pid));
        TimeUnit.SECONDS.sleep(seconds);
        long sampler = threadMillis(pid, "sampler") - thread;
        long all = ProcessorTime.now(Map.of("reconciler", pid)).millis().getOrDefault("reconciler", 0L)
                - before.millis().getOrDefault("reconciler", 0L);
        print(
                "idle but for the sampler: its thread takes %.2f %% of a core, the whole reconciler %.2f %%",
                sampler / 10.0 / seconds, all / 10.0 / seconds);
    }

    private static long threadMillis(long pid, String name) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals(name)) {
                    return ProcessorTime.ofTask(task);
                }
            }
        }
        throw new IOException("process " + pid + " has no thread " + name);
    }

    private void spoil(String script, int count) throws IOException {
        for (int from = 1; from <= count; from += KEYS_AT_ONCE) {
            String to = Integer.toString(Math.min(count, from + KEYS_AT_ONCE - 1));
            redis.call("EVAL", script, "0", Integer.toString(from), to);
        }
    }

    private String heap(String service) throws IOException, InterruptedException {
        long pid = pid(service);
        for (String word :
                Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0")) {
            if (word.startsWith("-Xmx")) {
                return word.substring(4);
            }
        }
        return "the default";
    }

    private long pid(String service) throws IOException, InterruptedException {
        return stack.run().at("/services/" + service + "/pid").asLong();
    }

    private static @Nullable String password(JsonNode server) throws IOException {
        JsonNode file = server.path("passwordFile");
        return file.isTextual() ? Files.readString(Path.of(file.asText())).strip() : null;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
