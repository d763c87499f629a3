package io.tidemark.cachewriter;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Not a test: prints how fast the writer empties a filled topic, with {@code -Dtidemark.speed=<changes>} and, if wished,
 * {@code -Dtidemark.speed.options=<options of its JVM>}. */
@EnabledIfSystemProperty(named = "tidemark.speed", matches = "\\d+")
class WriterSpeedIT {

    @TempDir
    private Path directory;

    @Test
    void emptiesAFilledTopic() throws Exception {
        int changes = Integer.getInteger("tidemark.speed");
        EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", System.getProperty("tidemark.speed.options", ""));
        try (WriterStack stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                environment)) {
            for (int id = 0; id < changes; id++) {
                stack.send(
                        id,
                        stack.changes.row("u", id, "a product of a common name " + id, "\"" + "d".repeat(150) + "\""));
            }
            stack.flush();
            stack.start();
            long begin = System.nanoTime();
            Duration cpu = cpu(stack);
            Duration redisCpu = cpu(redis.pid());
            long already = stack.progress("applied");
            Await.until("all is applied", Duration.ofMinutes(5)).holds(() -> stack.lag() == 0);
            double seconds = (System.nanoTime() - begin) / 1e9;
            long done = changes - already;
            System.out.printf(
                    "%d changes in %.1f s: %.0f/s, writer %.1f us CPU each, Redis %.1f us each%n%s%n%s%n",
                    done,
                    seconds,
                    done / seconds,
                    cpu(stack).minus(cpu).toNanos() / 1e3 / done,
                    cpu(redis.pid()).minus(redisCpu).toNanos() / 1e3 / done,
                    memory(stack.writer.pid()),
                    stack.writer.get("/api/progress").body());
        } finally {
            redis.kill();
        }
    }

    private static Duration cpu(WriterStack stack) {
        return cpu(stack.writer.pid());
    }

    private static Duration cpu(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(process), process.descendants())
                .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static String memory(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        StringBuilder text = new StringBuilder();
        for (ProcessHandle one :
                Stream.concat(Stream.of(process), process.descendants()).toList()) {
            Files.readAllLines(Path.of("/proc/" + one.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                    .forEach(line ->
                            text.append(one.pid()).append(' ').append(line).append("; "));
        }
        return text.toString();
    }
}
