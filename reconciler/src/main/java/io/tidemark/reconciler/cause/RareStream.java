package io.tidemark.reconciler.cause;

import io.tidemark.core.pipeline.Cache;
import io.tidemark.reconciler.verify.Drift;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A stream that is looked through now and then only, for whoever finds differences all the time: a topic may take a core for
 * seconds. Thread-safe.
 */
public final class RareStream implements Stream {
    private final Stream stream;
    private final long everyNanos;
    private final LongSupplier nanos;
    private long last;
    private boolean looked;

    /**
     * @param every how long after a look the next may be
     * @param nanos a clock that never goes back
     */
    public RareStream(Stream stream, Duration every, LongSupplier nanos) {
        this.stream = stream;
        this.everyNanos = every.toNanos();
        this.nanos = nanos;
    }

    @Override
    public Map<String, Evidence.Search> newest(Cache cache, List<Drift> drifts) throws InterruptedException {
        if (mayLook()) {
            return stream.newest(cache, drifts);
        }
        Map<String, Evidence.Search> none = new HashMap<>();
        drifts.forEach(drift -> none.put(
                drift.key(),
                new Evidence.Search.NotMade("Kafka was looked through a moment ago; tidemark reconcile looks again")));
        return none;
    }

    private synchronized boolean mayLook() {
        long now = nanos.getAsLong();
        if (looked && now - last < everyNanos) {
            return false;
        }
        looked = true;
        last = now;
        return true;
    }
}
