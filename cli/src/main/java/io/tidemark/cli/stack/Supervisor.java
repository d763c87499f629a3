package io.tidemark.cli.stack;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts again, on the same data, what ended without being asked to. Everything happens on one thread of its own, so a
 * slow start of one part delays the restart of another.
 */
final class Supervisor implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread supervisor = new Thread(task, "supervisor");
        supervisor.setDaemon(true);
        return supervisor;
    });
    private final Consumer<String> say;
    private final Runnable changed;
    private final EndRule rule;

    /** Decides about a part that ended. */
    interface EndRule {
        /** Whether to start it again; when not, whoever decides takes care of it. */
        boolean startAgain(Part part, int exitCode);
    }

    /**
     * @param say told in words what ended and what was started again
     * @param changed run after a restart, when process ids have changed
     */
    Supervisor(Consumer<String> say, Runnable changed, EndRule rule) {
        this.say = say;
        this.changed = changed;
        this.rule = rule;
    }

    /** Looks after a part that was just started. */
    void watch(Part part) {
        watch(part, new RestartDelay());
    }

    private void watch(Part part, RestartDelay delay) {
        long started = System.nanoTime();
        part.process()
                .onExit()
                .thenAccept(exitCode -> later(Duration.ZERO, () -> ended(part, exitCode, started, delay)));
    }

    private void ended(Part part, int exitCode, long started, RestartDelay delay) {
        if (!rule.startAgain(part, exitCode)) {
            return;
        }
        Duration wait = delay.after(Duration.ofNanos(System.nanoTime() - started));
        say.accept(String.format(
                Locale.ROOT,
                "%s ended (%s); it is started again in %.1f s",
                part.name(),
                cause(exitCode),
                wait.toMillis() / 1000.0));
        later(wait, () -> startAgain(part, delay));
    }

    private void startAgain(Part part, RestartDelay delay) {
        try {
            part.start();
        } catch (RuntimeException e) {
            Duration wait = delay.after(Duration.ZERO);
            say.accept(
                    part.name() + " did not start; the next try is in " + wait.toSeconds() + " s: " + e.getMessage());
            later(wait, () -> startAgain(part, delay));
            return;
        }
        changed.run();
        say.accept(part.name() + " runs again");
        watch(part, delay);
    }

    private void later(Duration wait, Runnable task) {
        try {
            thread.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: what ends from now on ends because it was told to.
        }
    }

    static String cause(int exitCode) {
        return exitCode > 128 && exitCode < 160 ? "signal " + (exitCode - 128) : "exit code " + exitCode;
    }

    /** Restarts nothing from now on; waits for a restart that has begun. */
    @Override
    public void close() throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(60, TimeUnit.SECONDS)) {
            say.accept("something is still being started; it is stopped next");
        }
    }
}
