package io.tidemark.testkit.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits for a condition, looking again and again until a deadline; never for a mere span of time. Thread-safe. */
public final class Await {

    private final String what;
    private final Duration limit;

    private Await(String what, Duration limit) {
        this.what = what;
        this.limit = limit;
    }

    /** @param what is waited for, for the message when it does not come: "the row is in Redis" */
    public static Await until(String what, Duration limit) {
        return new Await(what, limit);
    }

    /** Waits until the condition holds. An exception of the condition counts as "not yet". */
    public void holds(Callable<Boolean> condition) {
        sees(condition, seen -> seen);
    }

    /**
     * Waits until what is seen is accepted, and answers it. An exception of the observation counts as "not yet".
     *
     * @throws AssertionError at the deadline, with what was last seen
     */
    public <T extends @Nullable Object> T sees(Callable<T> observation, Predicate<? super T> accepted) {
        long deadline = System.nanoTime() + limit.toNanos();
        long pauseMillis = 1;
        while (true) {
            Exception failure = null;
            T seen = null;
            try {
                seen = observation.call();
                if (accepted.test(seen)) {
                    return seen;
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (Exception e) {
                failure = e;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "waited " + limit.toMillis() + " ms until " + what + "; last seen: "
                                + (failure == null ? seen : failure),
                        failure);
            }
            pause(pauseMillis);
            pauseMillis = Math.min(50, pauseMillis * 2);
        }
    }

    private void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private AssertionError interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting until " + what, cause);
    }
}
