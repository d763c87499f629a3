package io.tidemark.cli;

import io.tidemark.cli.failure.ExitCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Ctrl-C, SIGTERM and a closed terminal: the main thread is interrupted, and the JVM waits until it has put
 * everything away in order before it ends, with the main thread's exit code.
 */
final class Interruption {
    private static final long PUT_AWAY_SECONDS = 90;

    private Interruption() {}

    /** Runs the work on this thread and gives its exit code, to be passed to {@link System#exit}. */
    static int run(IntSupplier work) {
        Thread main = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        AtomicInteger exitCode = new AtomicInteger(ExitCode.INTERRUPTED);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!finished.get()) {
                                main.interrupt();
                                await(done);
                                System.out.flush();
                                Runtime.getRuntime().halt(exitCode.get());
                            }
                        },
                        "put-away"));
        try {
            exitCode.set(work.getAsInt());
            finished.set(true);
        } finally {
            done.countDown();
        }
        return exitCode.get();
    }

    private static void await(CountDownLatch done) {
        try {
            if (!done.await(PUT_AWAY_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("tidemark: gave up waiting for everything to stop after " + PUT_AWAY_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
