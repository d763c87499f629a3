package io.tidemark.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.await.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptProcessTest {

    @TempDir
    Path directory;

    private KeptProcess process;

    @BeforeEach
    void name() {
        process = new KeptProcess("a shell", "TERM", Duration.ofSeconds(2), directory.resolve("log"));
    }

    @AfterEach
    void kill() {
        process.kill();
    }

    @Test
    void stopsInOrderWithTheSignalAsked() throws Exception {
        shell("trap 'echo orderly; exit 7' TERM; echo up; while :; do sleep 0.05; done");
        Await.until("it is up", Duration.ofSeconds(30)).holds(() -> log().contains("up"));
        var exit = process.onExit();
        process.stop();
        assertThat(exit.get()).isEqualTo(7);
        assertThat(log()).contains("orderly");
        assertThat(process.isRunning()).isFalse();
    }

    @Test
    void killsWhatDoesNotStopInTime() throws Exception {
        shell("trap '' TERM; echo up; while :; do sleep 0.05; done");
        Await.until("it is up", Duration.ofSeconds(30)).holds(() -> log().contains("up"));
        var exit = process.onExit();
        process.stop();
        assertThat(exit.get()).isEqualTo(128 + 9);
    }

    @Test
    void killsChildrenToo() {
        shell("sleep 100 & echo up; wait");
        Await.until("the child is there", Duration.ofSeconds(30))
                .holds(() -> !children().isEmpty());
        List<ProcessHandle> children = children();
        process.kill();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(process.isRunning()).isFalse();
    }

    @Test
    void doesNothingWhileFrozen() throws Exception {
        shell("i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done");
        Await.until("it counts", Duration.ofSeconds(30)).holds(() -> log().contains("3"));
        process.freeze();
        long before = Files.size(directory.resolve("log"));
        assertThatThrownBy(() -> Await.until("it goes on", Duration.ofMillis(150))
                        .holds(() -> Files.size(directory.resolve("log")) > before))
                .isInstanceOf(AssertionError.class);
        process.thaw();
        Await.until("it goes on", Duration.ofSeconds(30)).holds(() -> Files.size(directory.resolve("log")) > before);
    }

    @Test
    void startsAgainAndRefusesToStartTwice() {
        shell("sleep 100");
        assertThatThrownBy(() -> shell("sleep 100")).hasMessageContaining("a shell runs already");
        process.kill();
        shell("sleep 100");
        assertThat(process.isRunning()).isTrue();
    }

    private void shell(String script) {
        process.start(List.of("/bin/sh", "-c", script), Map.of(), directory);
    }

    private List<ProcessHandle> children() {
        return ProcessHandle.of(process.pid()).orElseThrow().children().toList();
    }

    private String log() throws Exception {
        return Files.readString(directory.resolve("log"));
    }
}
