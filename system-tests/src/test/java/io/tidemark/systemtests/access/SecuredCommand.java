package io.tidemark.systemtests.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.service.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code tidemark}, in a folder without a run.json, as a process that knows nothing but its arguments. */
record SecuredCommand(Path folder, List<String> always) {
    private static final int LONGEST_SECONDS = 90;

    SecuredCommand(Path folder, String... always) {
        this(folder, List.of(always));
    }

    /** What it prints and says, once it has ended with that exit code. */
    String run(int exitCode, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-jar",
                Repository.root().resolve("cli/target/tidemark-cli.jar").toString()));
        command.addAll(always);
        command.addAll(List.of(more));
        Path said = folder.resolve("command.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        Process process = builder.start();
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                .as("the command has not ended")
                .isTrue();
        String words = Files.readString(said, UTF_8);
        assertThat(process.exitValue()).as(words).isEqualTo(exitCode);
        return words;
    }
}
