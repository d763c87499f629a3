package io.tidemark.testkit.process;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Waiting until a server that was just started answers. */
public final class Startup {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Startup() {}

    /** One try to reach the server; fails with any exception while it cannot be reached. */
    @FunctionalInterface
    public interface Attempt {
        void run() throws Exception;
    }

    /**
     * Tries until the attempt succeeds.
     *
     * @throws ServerStartException when the process ended, or the limit is over
     */
    public static void await(KeptProcess process, Duration limit, Attempt attempt) {
        Instant deadline = Instant.now().plus(limit);
        Exception last = null;
        while (true) {
            boolean running = process.isRunning();
            last = failureOf(attempt);
            if (last == null) {
                return;
            }
            if (!running) {
                throw new ServerStartException(
                        process.name() + " ended while starting; its log " + process.log() + " ends with:\n"
                                + process.lastWords(),
                        last);
            }
            if (Instant.now().isAfter(deadline)) {
                process.kill();
                throw new ServerStartException(
                        process.name() + " did not answer within " + limit.toSeconds() + " s; its log " + process.log()
                                + " ends with:\n" + process.lastWords(),
                        last);
            }
            pause();
        }
    }

    private static @Nullable Exception failureOf(Attempt attempt) {
        try {
            attempt.run();
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("interrupted while waiting for a server to start", e);
        } catch (Exception e) {
            return e;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("interrupted while waiting for a server to start", e);
        }
    }
}
