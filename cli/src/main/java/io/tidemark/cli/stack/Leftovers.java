package io.tidemark.cli.stack;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * What a run that was killed leaves behind for some moments: its processes notice and end by themselves. A new run
 * waits for them, else their ports and data would still be in use.
 */
public final class Leftovers {
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private Leftovers() {}

    /** Waits until no process of the run that wrote the file is alive. Called with the folder locked. */
    public static void await(Path runFile, Consumer<String> say) throws InterruptedException {
        List<ProcessHandle> alive = alive(runFile);
        if (alive.isEmpty()) {
            return;
        }
        say.accept("An earlier run was killed; waiting for its " + alive.size() + " processes to end");
        long deadline = System.nanoTime() + LONGEST.toNanos();
        for (ProcessHandle process : alive) {
            try {
                process.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new CommandFailure(
                        ExitCode.LOCKED,
                        "process " + process.pid() + " of an earlier run in " + runFile.getParent()
                                + " does not end; look at it (ps -fp " + process.pid() + ") and kill it",
                        e);
            }
        }
    }

    private static List<ProcessHandle> alive(Path runFile) {
        try {
            // A process id may have been given to another program since: only what this user started counts, and only
            // what began before the file was last written.
            long written = java.nio.file.Files.exists(runFile)
                    ? java.nio.file.Files.getLastModifiedTime(runFile).toMillis()
                    : 0;
            return RunFile.read(runFile)
                    .map(RunFile::children)
                    .orElseGet(LongStream::empty)
                    .mapToObj(ProcessHandle::of)
                    .flatMap(Optional::stream)
                    .filter(process -> process.info()
                            .startInstant()
                            .map(start -> start.toEpochMilli() <= written + 1_000)
                            .orElse(true))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
