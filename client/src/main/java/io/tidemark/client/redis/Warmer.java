package io.tidemark.client.redis;

import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache;
import io.tidemark.client.ApplicationCache.CacheAwayException;
import io.tidemark.client.Recipe;
import io.tidemark.client.Warmed;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Fills entries before anybody asks for them, at a pace. For one thread, once. */
final class Warmer {
    private final BiFunction<String, Duration, Answer> ask;
    private final ApplicationCache cache;
    private final Duration lease;
    private final int perSecond;
    private final long began = System.nanoTime();
    private long loaded;
    private long there;
    private long filled;
    private long refused;
    private long left;
    private long failed;

    /**
     * @param ask asks for a lease without counting it
     * @param perSecond 0 for as fast as it goes
     */
    Warmer(BiFunction<String, Duration, Answer> ask, ApplicationCache cache, Duration lease, int perSecond) {
        this.ask = ask;
        this.cache = cache;
        this.lease = lease;
        this.perSecond = perSecond;
    }

    Warmed warm(Collection<Recipe> recipes) throws InterruptedException {
        for (Recipe recipe : recipes) {
            Answer answer = ask.apply(recipe.key(), lease);
            if (answer instanceof Answer.Granted granted) {
                load(granted.lease(), recipe);
                keepPace();
            } else if (answer instanceof Answer.Hit) {
                there++;
            } else {
                left++;
            }
        }
        return new Warmed(there, filled, refused, left, failed);
    }

    private void load(Answer.Lease granted, Recipe recipe) throws InterruptedException {
        String value;
        try {
            value = recipe.loader().load();
        } catch (InterruptedException stopped) {
            giveBack(granted);
            throw stopped;
        } catch (Exception notComputed) {
            // The others are filled all the same, and this one by whoever asks for it.
            failed++;
            giveBack(granted);
            return;
        }
        if (cache.fill(granted, value, recipe.keep())) {
            filled++;
        } else {
            refused++;
        }
    }

    private void giveBack(Answer.Lease granted) {
        try {
            cache.release(granted);
        } catch (CacheAwayException away) {
            // The lease ends by itself.
        }
    }

    private void keepPace() throws InterruptedException {
        loaded++;
        if (perSecond > 0) {
            long dueNanos = began + TimeUnit.SECONDS.toNanos(loaded) / perSecond;
            TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
        }
    }
}
