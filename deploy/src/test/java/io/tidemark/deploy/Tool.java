package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A program of the machine that a check asks, such as {@code promtool}. Immutable. */
record Tool(Path program) {
    private static final long LONGEST_SECONDS = 120;

    /** What a program said and how it ended. */
    record Said(int exitCode, String words) {}

    /** The program, or a test that says it was skipped and what would bring it. */
    static Tool orSkip(String name, String debianPackage) {
        String named = System.getenv("TIDEMARK_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        List<Path> places = new ArrayList<>();
        if (named != null && !named.isBlank()) {
            places.add(Path.of(named));
        }
        for (String folder :
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator)) {
            places.add(Path.of(folder).resolve(name));
        }
        List<Path> found = places.stream().filter(Files::isExecutable).toList();
        assumeTrue(!found.isEmpty(), "no " + name + " here, so this is not checked; apt-get install " + debianPackage);
        return new Tool(found.get(0));
    }

    /** Runs it in a folder; both its outputs are taken together. */
    Said run(Path folder, String... arguments) throws IOException, InterruptedException {
        return run(folder, Map.of(), arguments);
    }

    /** The same with more variables in its environment. */
    Said run(Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                .as(program + " has not ended")
                .isTrue();
        return new Said(process.exitValue(), words);
    }
}
