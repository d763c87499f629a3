package io.tidemark.reconciler.cause;

import io.tidemark.reconciler.cause.Cause.Found;
import io.tidemark.reconciler.verify.Drift;
import io.tidemark.reconciler.verify.Findings;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the causes of what differs in one cache and counts them. What Redis shows is looked at at once, before anything is repaired.
 * Going through a topic takes as long for one row as for many, so the first {@value #MOST_SEARCHED} entries of a comparison
 * are kept and looked for in Kafka together. For one thread.
 */
public final class Causes implements Findings {
    private static final Logger LOG = LoggerFactory.getLogger(Causes.class);
    private static final int MOST_SEARCHED = 2000;
    private static final long MOST_BYTES = 16L << 20;

    private final Subject cache;
    private final Traces traces;
    private final Stream stream;
    private final Tally tally;
    private final List<Seen> kept = new ArrayList<>();
    private long keptBytes;
    private int searched;

    /** @param isAsItWas whether the entry is the one that was found to differ */
    private record Seen(Drift drift, Evidence.Trace trace, Evidence.RedisFigures redis, boolean isAsItWas) {}

    public Causes(Subject cache, Traces traces, Stream stream, Tally tally) {
        this.cache = cache;
        this.traces = traces;
        this.stream = stream;
        this.tally = tally;
    }

    @Override
    public void drifted(List<Drift> drifts) throws InterruptedException {
        List<Evidence.Trace> seen =
                traces.traces(drifts.stream().map(Drift::key).toList());
        Evidence.RedisFigures redis = traces.figures();
        for (int i = 0; i < drifts.size(); i++) {
            Drift drift = drifts.get(i);
            boolean isAsItWas = !(cache instanceof Subject.OfRows)
                    || Objects.equals(seen.get(i).version(), drift.entry().version());
            Seen one = new Seen(drift, seen.get(i), redis, isAsItWas);
            if (cache instanceof Subject.OfRows && isAsItWas && searched < MOST_SEARCHED) {
                searched++;
                kept.add(one);
                keptBytes += bytes(drift.document()) + bytes(drift.entry().value());
                if (keptBytes > MOST_BYTES) {
                    finish();
                }
            } else {
                explain(one, new Evidence.Search.NotMade("more than " + MOST_SEARCHED + " entries differ"));
            }
        }
    }

    /** Looks in Kafka for what is kept. */
    @Override
    public void finish() throws InterruptedException {
        if (kept.isEmpty() || !(cache instanceof Subject.OfRows rows)) {
            return;
        }
        Map<String, Evidence.Search> found = Map.of();
        try {
            found = stream.newest(rows.cache(), kept.stream().map(Seen::drift).toList());
        } catch (RuntimeException failed) {
            // A cause that is not found is no reason to keep what was found from people.
            LOG.warn("Kafka could not be looked through for causes: {}", failed.getMessage());
        }
        for (Seen one : kept) {
            Evidence.Search search = found.get(one.drift().key());
            explain(one, search == null ? new Evidence.Search.NotMade("see the reconciler's log") : search);
        }
        kept.clear();
        keptBytes = 0;
    }

    private static long bytes(byte @Nullable [] some) {
        return some == null ? 0 : some.length;
    }

    private void explain(Seen one, Evidence.Search search) {
        Drift drift = one.drift();
        Found cause = one.isAsItWas()
                ? judged(drift, one.trace(), one.redis(), search)
                : Cause.UNKNOWN.because("it was written after it was found to differ");
        tally.explained(drift.key(), drift.kind(), cause.cause().text(), cause.evidence());
    }

    private Found judged(Drift drift, Evidence.Trace trace, Evidence.RedisFigures redis, Evidence.Search search) {
        if (!(cache instanceof Subject.OfRows)) {
            return QueryJudge.of(drift, cache, trace, redis);
        }
        return Judge.of(new Evidence(
                drift.kind(),
                drift.entry().value(),
                drift.document(),
                !cache.keptWhole(),
                cache.format(),
                trace,
                redis,
                search));
    }
}
