package io.tidemark.cli;

import io.tidemark.cli.stack.RunFile;
import io.tidemark.testkit.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./tidemark} as a person runs it, with free ports and a folder of its own. Not thread-safe. */
final class RunningCommand implements AutoCloseable {
    static final Path HOME = Path.of("").toAbsolutePath().getParent();

    private final Path data;
    private final Path out;
    private final Path err;
    private final Process process;

    private RunningCommand(Path folder, List<String> arguments) throws IOException {
        data = folder.resolve("data");
        out = folder.resolve("out.txt");
        err = folder.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(HOME.resolve("tidemark").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("TIDEMARK_SKIP_BUILD", "the build that runs this test made everything");
        process = builder.start();
    }

    /** Starts a command that keeps its data in the folder and takes free ports, unless the arguments say otherwise. */
    static RunningCommand start(Path folder, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        for (String option :
                List.of("postgres", "kafka", "redis", "ingest", "cache-writer", "reconciler", "position")) {
            if (!all.contains("--" + option + "-port")) {
                all.addAll(List.of("--" + option + "-port", "0"));
            }
        }
        return plain(folder, all);
    }

    static RunningCommand plain(Path folder, List<String> arguments) throws IOException {
        return new RunningCommand(folder, arguments);
    }

    /** Its exit code, once it has ended. */
    int exitCode(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + "; it said:\n" + errors());
        }
        return process.exitValue();
    }

    /** Waits until it has said so. */
    void awaitWords(String words, Duration limit) {
        Await.until("\"" + words + "\" on its stderr", limit).holds(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended, with exit code " + process.exitValue() + ":\n" + errors());
            }
            return errors().contains(words);
        });
    }

    /** What runs, once run.json tells. */
    RunFile awaitRunFile(Duration limit) {
        return Await.until("run.json", limit)
                .sees(() -> RunFile.read(data.resolve(RunFile.NAME)), Optional::isPresent)
                .orElseThrow();
    }

    /** Every process that it and its children have started, itself among them. */
    List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Sends a signal to it alone, as {@code kill} does. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + process.pid())
                .start()
                .waitFor();
    }

    String output() {
        return read(out);
    }

    String errors() {
        return read(err);
    }

    Path data() {
        return data;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
