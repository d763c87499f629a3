package io.tidemark.testkit.process;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
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
        boolean[] ended = {false};
        await(
                limit,
                () -> {
                    // Looked at before the attempt: what answers after the process ended is not the process.
                    ended[0] = !process.isRunning();
                    attempt.run();
                },
                () -> ended[0],
                last -> {
                    String log = "its log " + process.log() + " ends with:\n" + process.lastWords();
                    if (ended[0]) {
                        return new ServerStartException(process.name() + " ended while starting; " + log, last);
                    }
                    process.kill();
                    return new ServerStartException(
                            process.name() + " did not answer within " + limit.toSeconds() + " s; " + log, last);
                });
    }

    /** Tries until the attempt succeeds; at the limit it throws what is made of the last failure. */
    public static void await(Duration limit, Attempt attempt, Function<Exception, ServerStartException> tooLate) {
        await(limit, attempt, () -> false, tooLate);
    }

    private static void await(
            Duration limit,
            Attempt attempt,
            BooleanSupplier hopeless,
            Function<Exception, ServerStartException> failure) {
        Instant deadline = Instant.now().plus(limit);
        while (true) {
            Exception last = failureOf(attempt);
            if (last == null) {
                return;
            }
            if (hopeless.getAsBoolean() || Instant.now().isAfter(deadline)) {
                throw failure.apply(last);
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
