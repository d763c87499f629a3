package io.tidemark.core.process;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs an action once when the process that started this one is gone, however it ended: a killed parent cannot tell
 * its children to stop.
 *
 * <p>The parent is named by the environment variable {@value #VARIABLE}; without it nothing is watched. The JDK polls
 * a process that is not a child of this one, so the action may run up to a second late. Thread-safe.
 */
public final class ParentWatch implements AutoCloseable {
    /** The environment variable that holds the parent's process id, decimal. */
    public static final String VARIABLE = "TIDEMARK_PARENT_PID";

    private final CompletableFuture<?> gone;

    private ParentWatch(CompletableFuture<?> gone) {
        this.gone = gone;
    }

    /**
     * Watches the process named in the environment, if one is.
     *
     * @param whenGone runs once, on a daemon thread of the JDK; at once when the parent is gone already
     * @throws IllegalArgumentException when the variable does not hold a process id
     */
    public static Optional<ParentWatch> fromEnvironment(Map<String, String> environment, Runnable whenGone) {
        String text = environment.get(VARIABLE);
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(of(processId(text.strip()), whenGone));
    }

    /** Watches one process; {@code whenGone} runs once, at once when no such process is alive. */
    public static ParentWatch of(long processId, Runnable whenGone) {
        CompletableFuture<?> exit = ProcessHandle.of(processId)
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
        CompletableFuture<?> gone = exit.thenRunAsync(whenGone, task -> {
            Thread thread = new Thread(task, "parent-watch");
            thread.setDaemon(true);
            thread.start();
        });
        return new ParentWatch(gone);
    }

    private static long processId(String text) {
        try {
            long id = Long.parseLong(text);
            if (id > 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return VARIABLE + " must be the id of a running process, a whole number above 0; found '" + text + "'";
    }

    /** Stops watching: the action no longer runs unless it has begun. */
    @Override
    public void close() {
        gone.cancel(false);
    }
}
