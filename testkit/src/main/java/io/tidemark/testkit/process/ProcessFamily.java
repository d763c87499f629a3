package io.tidemark.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Signals to a process and everything it started. */
final class ProcessFamily {

    private ProcessFamily() {}

    /** The process and its descendants at this moment. */
    static List<ProcessHandle> of(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    /** Freezes the root first, so that no new child can slip away while the others are frozen. */
    static List<ProcessHandle> freeze(ProcessHandle root) {
        Set<ProcessHandle> frozen = new LinkedHashSet<>();
        List<ProcessHandle> fresh = List.of(root);
        while (!fresh.isEmpty()) {
            signal("STOP", fresh);
            frozen.addAll(fresh);
            fresh = root.descendants().filter(child -> !frozen.contains(child)).toList();
        }
        return new ArrayList<>(frozen);
    }

    static void thaw(ProcessHandle root) {
        signal("CONT", of(root));
    }

    /** Kills the whole family and waits until it is gone. */
    static void kill(ProcessHandle root) {
        if (!root.isAlive()) {
            return;
        }
        List<ProcessHandle> family = freeze(root);
        family.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(family, Duration.ofSeconds(10));
    }

    static void awaitEnd(List<ProcessHandle> family, Duration limit) {
        CompletableFuture<?> all = CompletableFuture.allOf(
                family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
        try {
            all.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "processes did not end within " + limit.toSeconds() + " s: "
                            + family.stream().filter(ProcessHandle::isAlive).toList(),
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("BUG: waiting for a process to end cannot fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void signal(String signal, List<ProcessHandle> processes) {
        // Java can only send TERM and KILL; the shell's own kill is there even where no program of that name is.
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\" 2>/dev/null", "kill", signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run the shell to send SIG" + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
