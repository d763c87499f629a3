package io.tidemark.positions.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.sync.KillableSync.Point;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.orders.Mood;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.orders.StoreSettings;
import io.tidemark.testkit.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledSyncIT {
    private static final List<String> STORES = List.of("NATUR", "PURNA", "JWLR");

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private FeedStack stack;

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        stack.close();
    }

    @Test
    void losesNothingAndTakesNothingTwiceWhenKilledBetweenPageTransactionAndCheckpoint() throws Exception {
        stack = stack(200);
        int n = 4;
        for (Point point : Point.values()) {
            if (point != Point.NOWHERE) {
                Process process = launch("a", point, n);
                assertThat(process.waitFor(40, TimeUnit.SECONDS))
                        .as("it halts %s", point)
                        .isTrue();
                assertThat(process.exitValue()).isEqualTo(137);
                n += 7;
            }
        }
        launch("a", Point.NOWHERE, 0);
        awaitAllTakenIn();
        assertNothingWentBack();
        for (String store : STORES) {
            assertThat(stack.simulator.ledger(store).overLimit()).isZero();
        }
    }

    @Test
    void goesOnInTheOtherInstanceWhenOneIsKilledAndKeepsTheLimitsTogether() throws Exception {
        stack = stack(4);
        stack.simulator.mood("PURNA", Mood.ODD_FIELDS, 1);
        stack.simulator.mood("JWLR", Mood.TORN_JSON, 2);
        Process first = launch("a", Point.NOWHERE, 0);
        launch("b", Point.NOWHERE, 0);
        Await.until("both have begun", Duration.ofSeconds(40))
                .holds(() -> holdsAStore("a")
                        && holdsAStore("b")
                        && stack.number("select count(*) from tidemark.feed_orders") > 200);
        first.destroyForcibly();
        stack.simulator.store("NATUR").add(30);
        awaitAllTakenIn();
        for (String store : STORES) {
            assertThat(stack.simulator.ledger(store).overLimit())
                    .as(
                            "calls of %s over a limit, most by span: %s",
                            store, stack.simulator.ledger(store).mostCalls())
                    .isZero();
        }
        assertNoPersonIsInTheLogs();
    }

    private boolean holdsAStore(String instance) throws IOException {
        return Files.readString(directory.resolve(instance + ".log")).contains(KillableSync.HOLDS);
    }

    private void awaitAllTakenIn() {
        Await.until("every order is taken in", Duration.ofSeconds(60)).holds(() -> {
            for (String store : STORES) {
                List<String> differences = stack.differences(store);
                differences.removeIf(difference -> difference.contains("PURNA"));
                if (!differences.isEmpty()
                        || stack.number("select count(*) from tidemark.feed_orders where store = '" + store + "'")
                                < stack.simulator.store(store).count()) {
                    return false;
                }
            }
            return true;
        });
    }

    /** A checkpoint never tells an order that an earlier one of its store was already past. */
    private void assertNothingWentBack() throws IOException {
        Map<String, Long> last = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("checkpoints"))) {
            String[] parts = line.split(" ");
            long id = Long.parseLong(parts[1]);
            assertThat(id).isGreaterThanOrEqualTo(last.getOrDefault(parts[0], 0L));
            last.put(parts[0], id);
        }
        assertThat(last.keySet()).containsExactlyInAnyOrderElementsOf(STORES);
    }

    private void assertNoPersonIsInTheLogs() throws IOException {
        for (String instance : List.of("a", "b")) {
            String log = Files.readString(directory.resolve(instance + ".log"));
            assertThat(log).isNotEmpty();
            assertThat(log)
                    .doesNotContain("0555-", "Benali", "Haddad", "Meziane", "Bouzid", "Yasmine")
                    .doesNotContain(stack.tokens().values());
        }
    }

    private static FeedStack stack(int limitsTimes) {
        return new FeedStack(
                SimulatorSettings.of(
                        new StoreSettings("NATUR", 1_100, 5),
                        new StoreSettings("PURNA", 700, 5),
                        new StoreSettings("JWLR", 650, 5)),
                limitsTimes);
    }

    private Process launch(String instance, Point point, int n) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KillableSync.class.getName(),
                FeedStack.jdbcUrl(stack.name),
                FeedStack.user(),
                stack.simulator.baseUri().toString(),
                Integer.toString(stack.limitsTimes),
                directory.resolve("checkpoints").toString(),
                point.name(),
                Integer.toString(n)));
        stack.tokens().forEach((store, token) -> command.add(store + "=" + token));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(instance + ".log").toFile()));
        builder.environment().put("TIDEMARK_TEST_PASSWORD", FeedStack.password());
        Process process = builder.start();
        processes.add(process);
        return process;
    }
}
