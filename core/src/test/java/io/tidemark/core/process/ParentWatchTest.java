package io.tidemark.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    private final CountDownLatch gone = new CountDownLatch(1);

    @Test
    void nothing_is_watched_without_the_variable() {
        assertThat(ParentWatch.fromEnvironment(Map.of(), gone::countDown)).isEmpty();
        assertThat(ParentWatch.fromEnvironment(Map.of(ParentWatch.VARIABLE, " "), gone::countDown))
                .isEmpty();
    }

    @Test
    void the_action_runs_when_the_parent_is_killed() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("sleep", "600").start();
        try {
            watch(Long.toString(parent.pid()));
            assertThat(gone.await(200, TimeUnit.MILLISECONDS))
                    .as("gone while the parent lives")
                    .isFalse();
        } finally {
            parent.destroyForcibly();
        }
        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void the_action_runs_at_once_when_the_parent_is_gone_already() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("true").start();
        parent.waitFor();
        watch(Long.toString(parent.pid()));
        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_closed_watch_does_nothing() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("sleep", "600").start();
        try (ParentWatch watch = ParentWatch.of(parent.pid(), gone::countDown)) {
            watch.close();
        } finally {
            parent.destroyForcibly().waitFor();
        }
        assertThat(gone.await(200, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void a_wrong_process_id_is_refused_with_the_variable_named() {
        for (String wrong : new String[] {"abc", "0", "-5", "1.5"}) {
            assertThatThrownBy(() -> watch(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(ParentWatch.VARIABLE)
                    .hasMessageContaining("'" + wrong + "'");
        }
    }

    private void watch(String processId) {
        ParentWatch.fromEnvironment(Map.of(ParentWatch.VARIABLE, processId), gone::countDown);
    }
}
