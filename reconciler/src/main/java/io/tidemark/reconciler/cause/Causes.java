package io.tidemark.reconciler.cause;

import io.tidemark.reconciler.cause.Cause.Found;
import io.tidemark.reconciler.verify.Drift;
import io.tidemark.reconciler.verify.Findings;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the causes of what differs in one cache and counts them. Going through a topic takes as long for one row as for many,
 * so Kafka is looked through for the first {@value #MOST_SEARCHED} entries of a comparison only. For one thread.
 */
public final class Causes implements Findings {
    private static final Logger LOG = LoggerFactory.getLogger(Causes.class);
    private static final int MOST_SEARCHED = 2000;

    private final Subject cache;
    private final Traces traces;
    private final Stream stream;
    private final Tally tally;
    private int searched;

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
        Map<String, Evidence.Search> found = search(drifts);
        for (int i = 0; i < drifts.size(); i++) {
            Drift drift = drifts.get(i);
            Evidence.Search search = found.getOrDefault(drift.key(), notMade());
            boolean isAsItWas = !(cache instanceof Subject.OfRows)
                    || Objects.equals(seen.get(i).version(), drift.entry().version());
            Found cause = isAsItWas
                    ? judged(drift, seen.get(i), redis, search)
                    : Cause.UNKNOWN.because("it was written after it was found to differ");
            tally.explained(drift.key(), drift.kind(), cause.cause().text(), cause.evidence());
        }
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

    private Map<String, Evidence.Search> search(List<Drift> drifts) throws InterruptedException {
        if (!(cache instanceof Subject.OfRows rows) || searched >= MOST_SEARCHED) {
            return Map.of();
        }
        List<Drift> some = drifts.subList(0, Math.min(drifts.size(), MOST_SEARCHED - searched));
        searched += some.size();
        try {
            return stream.newest(rows.cache(), some);
        } catch (RuntimeException failed) {
            // A cause that is not found is no reason to keep what was found from people.
            LOG.warn("Kafka could not be looked through for causes: {}", failed.getMessage());
            return Map.of();
        }
    }

    private Evidence.Search notMade() {
        return new Evidence.Search.NotMade(
                searched >= MOST_SEARCHED
                        ? "more than " + MOST_SEARCHED + " entries differ"
                        : "see the reconciler's log");
    }
}
