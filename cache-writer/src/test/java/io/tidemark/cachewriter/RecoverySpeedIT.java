package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Not a test: prints how fast an emptied Redis is rebuilt and how fast a replay that changes nothing is, with {@code
 * -Dtidemark.speed=<entries>} and, if wished, {@code -Dtidemark.speed.options=<options of its JVM>}. Beside the time on the clock it
 * prints the processor time an entry of each process, which says nearly the same on a machine that others use too.
 */
@EnabledIfSystemProperty(named = "tidemark.speed", matches = "\\d+")
class RecoverySpeedIT {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String TOKEN = "operator-token-of-the-tests-01";

    @TempDir
    private Path directory;

    @Test
    void rebuildsAndReplays() throws Exception {
        int entries = Integer.getInteger("tidemark.speed");
        EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        try (WriterStack stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                Map.of(
                        "TIDEMARK_CACHE_OPERATOR_TOKEN",
                        TOKEN,
                        "JAVA_TOOL_OPTIONS",
                        "-Xmx256m -XX:+UseSerialGC " + System.getProperty("tidemark.speed.options", "")))) {
            for (int id = 0; id < entries; id++) {
                stack.send(
                        id,
                        stack.changes.row("u", id, "a product of a common name " + id, "\"" + "d".repeat(150) + "\""));
            }
            stack.flush();
            stack.start();
            Await.until("all is applied", LONG).holds(() -> stack.lag() == 0);
            for (int round = 0; round < 2; round++) {
                rebuild(stack, redis, entries);
            }
            for (String wish : new String[] {"{}", "{}", "{\"dry_run\":true}"}) {
                replay(stack, redis, wish);
            }
        } finally {
            redis.kill();
        }
    }

    private static void rebuild(WriterStack stack, EmbeddedRedis redis, int entries) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            Costs costs = Costs.of(stack, redis);
            connection.call("FLUSHALL");
            long begin = System.nanoTime();
            Await.until("every entry is back", LONG).holds(() -> (Long) connection.call("DBSIZE") >= 2L * entries);
            System.out.printf(
                    "rebuilt %d entries in %.1f s after FLUSHALL%n", entries, (System.nanoTime() - begin) / 1e9);
            Await.until("the rebuild is over", LONG).holds(() -> stack.lag() == 0);
            System.out.println(costs.since(entries));
            System.out.println(stack.writer.get("/api/progress").body());
        }
    }

    private static void replay(WriterStack stack, EmbeddedRedis redis, String wish) throws Exception {
        Costs costs = Costs.of(stack, redis);
        String url = stack.writer.url();
        String id = body(AdminCalls.send(url + "/api/cache/replay", "POST", wish, TOKEN), 202)
                .path("id")
                .asText();
        JsonNode job = Await.until("the replay is over", LONG)
                .sees(
                        () -> body(AdminCalls.send(url + "/api/cache/jobs/" + id, "GET", "", TOKEN), 200),
                        one -> one.path("state").asText().matches("done|failed|cancelled"));
        long records = job.path("counts").path("records").asLong();
        System.out.printf(
                "replayed %d records in %d ms: %d a second; %s%n",
                records,
                job.path("duration_ms").asLong(),
                1_000 * records / Math.max(1, job.path("duration_ms").asLong()),
                job);
        System.out.println(costs.since(records));
    }

    /** The processor time that each process had taken at a moment. */
    private record Costs(Map<String, Long> pids, Map<String, Duration> taken) {
        static Costs of(WriterStack stack, EmbeddedRedis redis) {
            Map<String, Long> pids = new LinkedHashMap<>();
            pids.put("cache-writer", stack.writer.pid());
            pids.put("Redis", redis.pid());
            if (stack.kafka instanceof EmbeddedKafka kafka) {
                pids.put("Kafka", kafka.process().pid());
            }
            pids.put("this test", ProcessHandle.current().pid());
            Map<String, Duration> taken = new LinkedHashMap<>();
            pids.forEach((name, pid) -> taken.put(name, cpu(pid)));
            return new Costs(pids, taken);
        }

        String since(long entries) {
            return pids.entrySet().stream()
                    .map(process -> "%s %.1f"
                            .formatted(
                                    process.getKey(),
                                    cpu(process.getValue())
                                                    .minus(taken.getOrDefault(process.getKey(), Duration.ZERO))
                                                    .toNanos()
                                            / 1e3
                                            / entries))
                    .collect(Collectors.joining(", ", "  processor time an entry, in us: ", ""));
        }

        private static Duration cpu(long pid) {
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            return Stream.concat(
                            Stream.of(process),
                            pid == ProcessHandle.current().pid() ? Stream.of() : process.descendants())
                    .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }
}
