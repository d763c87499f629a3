package io.tidemark.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * From a commit in PostgreSQL to Redis, on one machine, with the services as {@code ./tidemark up} starts them: the first
 * snapshot, freshness at a steady rate, a bulk update of every row, freshness in its wake, and the memory it took. Run from the project's root
 * after a build: {@code java -jar benchmarks/target/benchmarks.jar [--rows N] [--updates N] [--rate N]
 * [--seconds N]}.
 */
public final class EndToEnd {
    private final BenchmarkOptions options;
    private final EmbeddedPostgres postgres;
    private final ProductTable table;
    private final RunningStack stack;

    private EndToEnd(BenchmarkOptions options, EmbeddedPostgres postgres, ProductTable table, RunningStack stack) {
        this.options = options;
        this.postgres = postgres;
        this.table = table;
        this.stack = stack;
    }

    public static void main(String[] arguments) throws Exception {
        BenchmarkOptions options = BenchmarkOptions.parse(arguments);
        Path directory = Files.createTempDirectory("tidemark-benchmark");
        System.out.println(options + ", logs in " + directory);
        EmbeddedPostgres postgres = new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres")));
        try (postgres) {
            postgres.start();
            try (ProductTable table = new ProductTable(postgres)) {
                table.create(options.rows());
                long began = System.nanoTime();
                try (RunningStack stack = new RunningStack(directory, postgres)) {
                    new EndToEnd(options, postgres, table, stack).measure(began);
                }
            }
        }
    }

    private void measure(long began) throws Exception {
        RedissonClient redis = connect(stack.run().path("redis"));
        try {
            snapshot(redis, began);
            table.awaitNoVacuum();
            freshness(redis, "soon after the start");
            bulkUpdate();
            freshness(redis, "after the bulk updates");
            verify();
            for (String service : new String[] {"ingest-service", "cache-writer", "reconciler"}) {
                print("%s: %d MiB resident at most", service, stack.peakResidentMiB(service));
            }
        } finally {
            redis.shutdown();
        }
    }

    private void snapshot(RedissonClient redis, long began) throws IOException, InterruptedException {
        Deadline deadline = new Deadline(Duration.ofMinutes(10), "the first snapshot");
        while (redis.getKeys().count() == 0) {
            deadline.pause();
        }
        long first = System.nanoTime();
        // Two keys an entry, and a few of our own.
        while (redis.getKeys().count() < 2L * options.rows()) {
            deadline.pause();
        }
        long end = System.nanoTime();
        print(
                "first snapshot: %,d rows in %.1f s from the first entry to the last (%,.0f/s), %.1f s from the start of"
                        + " ./tidemark up",
                options.rows(), seconds(first, end), options.rows() / seconds(first, end), seconds(began, end));
    }

    private void bulkUpdate() throws SQLException, IOException, InterruptedException {
        for (int round = 1; round <= options.updates(); round++) {
            stack.awaitApplied(table.walPosition());
            long start = System.nanoTime();
            table.updateAll();
            long committed = System.nanoTime();
            ProcessorTime before = processorTime();
            stack.awaitApplied(table.walPosition());
            long end = System.nanoTime();
            ProcessorTime after = processorTime();
            print(
                    "bulk update %d: %,d rows in %.1f s from commit to Redis (%,.0f/s); the update itself took %.1f s",
                    round,
                    options.rows(),
                    seconds(committed, end),
                    options.rows() / seconds(committed, end),
                    seconds(start, committed));
            print("  processor time a row, in µs: %s", after.perRowSince(before, options.rows()));
        }
    }

    private void verify() throws SQLException, IOException, InterruptedException {
        stack.awaitApplied(table.walPosition());
        ProcessorTime before = processorTime();
        JsonNode answer = stack.verify();
        print(
                "verify: %,d of %,d entries consistent, in %.1f s",
                answer.at("/result/product/consistent").asLong(),
                options.rows(),
                answer.path("seconds").asDouble());
        print("  processor time a row, in µs: %s", processorTime().perRowSince(before, options.rows()));
    }

    private ProcessorTime processorTime() throws IOException, InterruptedException {
        Map<String, Long> processes = stack.processes();
        processes.put("postgresql", postgres.process().pid());
        return ProcessorTime.now(processes);
    }

    private void freshness(RedissonClient redis, String when) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            // The first seconds warm the code up that a bulk update does not run.
            Future<Integer> writer =
                    threads.submit(new SteadyWriter(postgres, options.rows(), options.rate(), options.seconds() + 10));
            threads.submit(new FreshnessProbe(postgres, redis, 10)).get();
            Histogram micros = threads.submit(new FreshnessProbe(postgres, redis, options.seconds()))
                    .get();
            print(
                    "freshness beside %,d changes/s, %s: p50 %.1f ms, p99 %.1f ms, max %.1f ms, over %d reads of own writes",
                    writer.get() / (options.seconds() + 10),
                    when,
                    micros.getValueAtPercentile(50) / 1e3,
                    micros.getValueAtPercentile(99) / 1e3,
                    micros.getMaxValue() / 1e3,
                    micros.getTotalCount());
            print(
                    "cache-writer's own figures: %s",
                    stack.get("cache-writer", "/api/progress").path("freshness"));
        } finally {
            threads.shutdownNow();
        }
    }

    /** A client of the Redis that {@code run.json} names; the caller shuts it down. */
    static RedissonClient connect(JsonNode server) throws IOException {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(server.path("url").asText())
                .setConnectionPoolSize(4)
                .setConnectionMinimumIdleSize(1);
        if (server.hasNonNull("passwordFile")) {
            config.setPassword(
                    Files.readString(Path.of(server.path("passwordFile").asText()))
                            .strip());
        }
        return Redisson.create(config);
    }

    private static double seconds(long from, long to) {
        return (to - from) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
