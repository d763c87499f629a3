package io.tidemark.reconciler.redis;

import io.tidemark.reconciler.verify.Entries.AwayException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisRetryException;
import org.redisson.client.RedisTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Redis again what a loss of it cut off, for a while. What is asked so only reads. Thread-safe. */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final long PAUSE_MILLIS = 200;
    private static final int MOST_WORDS = 120;

    private final Duration longest;

    /** @param longest how long Redis may stay away */
    Patience(Duration longest) {
        this.longest = longest;
    }

    static Patience ofHalfAMinute() {
        return new Patience(Duration.ofSeconds(30));
    }

    /** @throws AwayException when Redis stays away, or refuses */
    <T> T ask(Supplier<T> question) {
        long end = System.nanoTime() + longest.toNanos();
        boolean said = false;
        while (true) {
            try {
                return question.get();
            } catch (RedisConnectionException | RedisTimeoutException | RedisRetryException lost) {
                if (System.nanoTime() > end) {
                    throw new AwayException(
                            "Redis has not answered for " + longest.toSeconds() + " s (" + words(lost)
                                    + "): check that it runs and that redis.url names it",
                            lost);
                }
                if (!said) {
                    said = true;
                    LOG.warn("Redis is lost, and asked again: {}", words(lost));
                }
                pause(lost);
            } catch (RedisException refused) {
                throw new AwayException("Redis refuses: " + words(refused), refused);
            }
        }
    }

    /** Redisson adds the command with its keys, a page long. */
    private static String words(RedisException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure.getClass().getSimpleName() + ": " + message.substring(0, Math.min(message.length(), MOST_WORDS));
    }

    private static void pause(RedisException failure) {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AwayException("stopped while Redis was waited for", failure);
        }
    }
}
