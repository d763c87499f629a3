package io.tidemark.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.await.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NothingIsLeftBehindIT {

    @TempDir
    Path directory;

    @Test
    void everyServerIsGoneSoonAfterItsParentWasKilled() throws IOException {
        killParentAndSeeAllGone(directory.toString());
    }

    @Test
    void evenAFrozenServerIsGoneSoonAfterItsParentWasKilled() throws IOException {
        killParentAndSeeAllGone(directory.toString(), "freeze");
    }

    private static void killParentAndSeeAllGone(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ParentWithServers.class.getName()));
        command.addAll(List.of(arguments));
        Process parent = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> family;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.lines().anyMatch("all started"::equals)).isTrue();
            family = parent.descendants().toList();
        } finally {
            parent.destroyForcibly();
        }
        assertThat(family).hasSizeGreaterThan(5);
        Await.until("all processes are gone", Duration.ofSeconds(15))
                .sees(() -> family.stream().filter(ProcessHandle::isAlive).toList(), List::isEmpty);
    }
}
