package io.tidemark.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.process.KeptProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    @Test
    void the_delay_doubles_up_to_half_a_minute_and_begins_anew_after_a_steady_minute() {
        RestartDelay delay = new RestartDelay();
        assertThat(delay.after(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(delay.after(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            delay.after(Duration.ZERO);
        }
        assertThat(delay.after(Duration.ofSeconds(59))).isEqualTo(Duration.ofSeconds(30));
        assertThat(delay.after(Duration.ofSeconds(60))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void what_ends_is_started_again_and_said() throws InterruptedException {
        Sleeper sleeper = new Sleeper();
        try (Supervisor supervisor = new Supervisor(said::add, () -> said.add("changed"), (part, code) -> true)) {
            sleeper.start();
            supervisor.watch(sleeper);
            long first = sleeper.process().pid();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            assertThat(next()).isEqualTo("sleeper ended (signal 9); it is started again in 0.5 s");
            assertThat(next()).isEqualTo("changed");
            assertThat(next()).isEqualTo("sleeper runs again");
            assertThat(sleeper.process().pid()).isNotEqualTo(first);
        } finally {
            sleeper.stop();
        }
    }

    @Test
    void nothing_is_started_again_once_closed() throws InterruptedException {
        Sleeper sleeper = new Sleeper();
        Supervisor supervisor = new Supervisor(said::add, () -> said.add("changed"), (part, code) -> true);
        sleeper.start();
        supervisor.watch(sleeper);
        supervisor.close();
        sleeper.stop();
        assertThat(said.poll(1, TimeUnit.SECONDS)).isNull();
        assertThat(sleeper.process().isRunning()).isFalse();
    }

    @Test
    void the_last_error_is_shown_without_its_stack_trace() {
        assertThat(LastError.of(List.of(
                        "12:00 INFO starting",
                        "12:01 ERROR an earlier one",
                        "12:02 ERROR wal_level is replica, expected logical",
                        "  set it with alter system",
                        "java.lang.IllegalStateException: x",
                        "\tat io.tidemark.Here.there(Here.java:1)",
                        "\t... 12 more")))
                .isEqualTo("12:02 ERROR wal_level is replica, expected logical\n  set it with alter system\n"
                        + "java.lang.IllegalStateException: x");
    }

    @Test
    void what_a_service_says_that_was_not_let_start_is_shown_without_its_log() {
        assertThat(LastError.of(List.of(
                        "2026-11-20T23:13:09.826 WARN  a bound is not set",
                        "tidemark.yaml:4:20: expected the table public.produkt, found none",
                        "  create it",
                        "2026-11-20T23:13:09.990 INFO  stopped")))
                .isEqualTo("tidemark.yaml:4:20: expected the table public.produkt, found none\n  create it");
        assertThat(LastError.of(List.of("2026-11-20T23:13:09.826 INFO  starting")))
                .isEqualTo("2026-11-20T23:13:09.826 INFO  starting");
    }

    private String next() throws InterruptedException {
        return said.poll(20, TimeUnit.SECONDS);
    }

    private final class Sleeper implements Part {
        private final KeptProcess process =
                new KeptProcess("sleeper", "TERM", Duration.ofSeconds(2), folder.resolve("sleeper.log"));

        @Override
        public String name() {
            return "sleeper";
        }

        @Override
        public void start() {
            process.start(List.of("sleep", "600"), Map.of(), folder);
        }

        @Override
        public KeptProcess process() {
            return process;
        }
    }
}
