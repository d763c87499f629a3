package io.tidemark.reconciler.cause;

import io.tidemark.reconciler.cause.Cause.Found;
import io.tidemark.reconciler.verify.Drift;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Verdict;

/** Tells causes apart of an entry that is read from the database: no single change says what it has to be. */
final class QueryJudge {
    private QueryJudge() {}

    static Found of(Drift drift, Subject cache, Evidence.Trace trace, Evidence.RedisFigures redis) {
        boolean hasTtl = !cache.keptWhole();
        boolean hasValue = drift.entry().value() != null;
        if (trace.type().equals("member")) {
            return Cause.UNKNOWN.because("a member of a sorted set has no meta that tells who wrote it");
        }
        if (!trace.type().equals(cache.format().isHash() ? "hash" : "string")
                && !trace.type().equals("none")) {
            return Cause.FOREIGN_WRITE.because(
                    "the key holds a " + trace.type() + ", which the pipeline never writes there");
        }
        if (hasValue && !trace.hasMeta()) {
            return Cause.FOREIGN_WRITE.because(
                    "there is a value without its meta, which the pipeline always writes with it");
        }
        if (hasValue && hasTtl && trace.ttlMillis() == -1) {
            return Cause.FOREIGN_WRITE.because("the value has no time to live, and the cache gives each one");
        }
        if (hasValue && !hasTtl && trace.ttlMillis() >= 0) {
            return Cause.FOREIGN_WRITE.because("the value has a time to live, and the cache gives none");
        }
        if (drift.kind() == Verdict.MISSING) {
            return redis.evictedKeys() > 0
                    ? Cause.EVICTED.because("it is gone, and Redis has evicted " + redis.evictedKeys()
                            + " keys since it started at " + redis.startedAt())
                    : Cause.FOREIGN_DELETE.because(
                            "it is gone, nothing is due to be read, and Redis has evicted nothing since it started");
        }
        return Cause.UNKNOWN.because(
                "the query gives another value, and nothing is due to be read: somebody wrote the key, or a"
                        + " table that the query reads is not among those it depends on");
    }
}
