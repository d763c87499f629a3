package io.tidemark.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child process that ends when this JVM ends, even when this JVM is killed, and that can be started again.
 *
 * <p>A small shell keeper holds the read end of a pipe from this JVM; when the pipe closes it sends the stop signal, and
 * SIGKILL when that did not help in time. The child runs in a session of its own, so that Ctrl-C in a terminal reaches
 * only this JVM, which then decides the order in which things stop. The process id is the server's own.
 *
 * <p>Thread-safe.
 */
public final class KeptProcess {

    private static final String KEEPER = readKeeper();

    private final String name;
    private final String stopSignal;
    private final Duration grace;
    private final Path log;

    private @Nullable Process process;

    /**
     * @param name what to call it in messages
     * @param stopSignal the signal that makes it stop in order, such as {@code TERM}
     * @param grace how long it may take to stop in order before it is killed
     * @param log where its output goes, appended
     */
    public KeptProcess(String name, String stopSignal, Duration grace, Path log) {
        this.name = name;
        this.stopSignal = stopSignal;
        this.grace = grace;
        this.log = log;
    }

    /**
     * Starts the command.
     *
     * @param environment added to this JVM's own
     * @throws IllegalStateException when it runs already
     * @throws UncheckedIOException when the command cannot be started
     */
    public synchronized void start(List<String> command, Map<String, String> environment, Path directory) {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already, with process id " + pid());
        }
        List<String> kept = new ArrayList<>();
        Programs.find("setsid").ifPresent(setsid -> kept.add(setsid.toString()));
        kept.addAll(List.of("/bin/sh", "-c", KEEPER, name, stopSignal, Long.toString(grace.toMillis() / 100)));
        kept.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(kept)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + " with " + command.get(0), e);
        }
    }

    /** Stops it in order, or kills it when it does not stop within the grace period; waits until it is gone. */
    public synchronized void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        List<ProcessHandle> family = ProcessFamily.of(running.toHandle());
        try {
            running.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is broken, so the process is gone already, which is what is waited for next.
        }
        waitFor(running, grace.plusSeconds(5));
        ProcessFamily.awaitEnd(family, Duration.ofSeconds(5));
    }

    /** Kills it and every process it started (SIGKILL), and waits until they are gone. */
    public synchronized void kill() {
        Process running = process;
        if (running != null) {
            ProcessFamily.kill(running.toHandle());
            waitFor(running, Duration.ofSeconds(10));
        }
    }

    /** Freezes it and every process it started (SIGSTOP): alive, holding its connections, doing nothing. */
    public synchronized void freeze() {
        ProcessFamily.freeze(running().toHandle());
    }

    /** Lets a frozen process run on (SIGCONT). */
    public synchronized void thaw() {
        ProcessFamily.thaw(running().toHandle());
    }

    /** Whether it was started and has not ended. */
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The process id of the running, or else of the last, process. */
    public synchronized long pid() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process.pid();
    }

    /** Done with the exit code (128 + signal when killed by one) as soon as the running process ends. */
    public synchronized CompletableFuture<Integer> onExit() {
        return running().onExit().thenApply(Process::exitValue);
    }

    /** What it wrote to its output. */
    public Path log() {
        return log;
    }

    public String name() {
        return name;
    }

    /** The last lines of the log, for an error message. */
    public String lastWords() {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(its log " + log + " cannot be read: " + e + ")";
        }
    }

    private Process running() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException(name + " does not run");
        }
        return running;
    }

    private void waitFor(Process running, Duration limit) {
        try {
            if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        name + " (process id " + running.pid() + ") did not end within " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ProcessFamily.kill(running.toHandle());
        }
    }

    private static String readKeeper() {
        try (InputStream keeper = KeptProcess.class.getResourceAsStream("keeper.sh")) {
            if (keeper == null) {
                throw new IllegalStateException("BUG: keeper.sh is not beside KeptProcess");
            }
            return new String(keeper.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read keeper.sh", e);
        }
    }
}
