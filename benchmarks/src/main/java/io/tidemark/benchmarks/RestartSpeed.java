package io.tidemark.benchmarks;

import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * How long it takes from {@code kill -9} of each service until it does its work again, started again by {@code ./tidemark up}:
 * until a change that is committed after the kill is in Redis (ingest-service, cache-writer), until the reconciler says that such
 * a change is applied, until position-service takes a position. Run from the project's root after a build: {@code java -cp
 * benchmarks/target/benchmarks.jar io.tidemark.benchmarks.RestartSpeed [ROUNDS]}.
 */
public final class RestartSpeed {
    private static final int ROWS = 10_000;
    private static final long ROW = 1;
    private static final String STORE = "BENCH";

    private final ProductTable table;
    private final RunningStack stack;
    private final RBucket<String> entry;
    private int count;

    /** What a service does again. */
    private interface Work {
        boolean isDone() throws Exception;
    }

    private RestartSpeed(ProductTable table, RunningStack stack, RBucket<String> entry) {
        this.table = table;
        this.stack = stack;
        this.entry = entry;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        Path directory = Files.createTempDirectory("tidemark-restart-speed");
        System.out.println(rounds + " rounds, logs in " + directory);
        try (EmbeddedPostgres postgres = new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres")))) {
            postgres.start();
            try (ProductTable table = new ProductTable(postgres)) {
                table.create(ROWS);
                // Nobody answers for the store: what is measured is a position that comes over HTTP.
                Map<String, String> feed = Map.of(
                        "TIDEMARK_FEED_URL", "http://127.0.0.1:" + Ports.anyFree(), "TIDEMARK_FEED_STORES", STORE);
                try (RunningStack stack = new RunningStack(directory, postgres, ProductTable.PIPELINE, feed)) {
                    run(rounds, table, stack);
                }
            }
        }
    }

    private static void run(int rounds, ProductTable table, RunningStack stack) throws Exception {
        stack.awaitApplied(table.walPosition());
        RedissonClient redis = EndToEnd.connect(stack.run().path("redis"));
        try {
            RestartSpeed speed =
                    new RestartSpeed(table, stack, redis.getBucket("product:" + ROW, StringCodec.INSTANCE));
            for (int round = 0; round < rounds; round++) {
                speed.round();
            }
        } finally {
            redis.shutdown();
        }
    }

    private void round() throws Exception {
        for (String service : new String[] {"ingest-service", "cache-writer"}) {
            killed(service, () -> {
                table.setViewCount(ROW, ++count);
                String wanted = "\"view_count\":" + count;
                return () -> String.valueOf(entry.get()).replace(" ", "").contains(wanted);
            });
        }
        killed("reconciler", () -> {
            table.setViewCount(ROW, ++count);
            long end = table.walPosition();
            return () -> stack.isApplied(end);
        });
        killed("position-service", () -> {
            count++;
            return this::takesAPosition;
        });
    }

    private boolean takesAPosition() throws InterruptedException {
        String position =
                "{\"page\":" + count + ",\"first_id\":" + 20 * count + ",\"last_id\":" + (20 * count + 19) + "}";
        try {
            stack.put("position-service", "/api/admin/positions/" + STORE, position);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What is to be seen to, begun right after the kill. */
    private interface Begin {
        Work begin() throws Exception;
    }

    private void killed(String service, Begin begin) throws Exception {
        long pid = pid(service);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        long killed = System.nanoTime();
        Work work = begin.begin();
        Deadline deadline = new Deadline(Duration.ofMinutes(2), service + " to do its work again");
        while (!work.isDone()) {
            deadline.pause();
        }
        System.out.printf(
                Locale.ROOT, "%s works again %.1f s after kill -9%n", service, (System.nanoTime() - killed) / 1e9);
        // The supervisor writes it when the service is ready, which may be after the work began.
        while (pid(service) == pid) {
            deadline.pause();
        }
        TimeUnit.SECONDS.sleep(3);
    }

    private long pid(String service) throws Exception {
        return Objects.requireNonNull(stack.processes().get(service), service);
    }
}
