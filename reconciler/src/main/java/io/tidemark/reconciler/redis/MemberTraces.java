package io.tidemark.reconciler.redis;

import io.tidemark.reconciler.cause.Evidence.RedisFigures;
import io.tidemark.reconciler.cause.Evidence.Trace;
import io.tidemark.reconciler.cause.Traces;
import java.util.List;

/** Of members of a sorted set Redis shows nothing beside their scores. Thread-safe. */
record MemberTraces(Traces redis) implements Traces {
    private static final Trace MEMBER = new Trace("member", -1, -1, null, null);

    @Override
    public List<Trace> traces(List<String> keys) {
        return keys.stream().map(key -> MEMBER).toList();
    }

    @Override
    public RedisFigures figures() {
        return redis.figures();
    }
}
