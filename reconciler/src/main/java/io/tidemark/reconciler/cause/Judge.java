package io.tidemark.reconciler.cause;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.JsonValues;
import io.tidemark.reconciler.cause.Cause.Found;
import io.tidemark.reconciler.cause.Evidence.Search;
import io.tidemark.reconciler.verify.Verdict;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells causes apart. Three copies of a row are there: the database's, the stream's newest change, and the entry's, which also
 * says by its fence which change it has seen. Where the stream says what the database says and the fence has seen it, the
 * pipeline did its part, and somebody else did the rest; where the stream says something else, the row was changed past it.
 */
final class Judge {
    private Judge() {}

    static Found of(Evidence evidence) {
        if (evidence.search() instanceof Search.Unreadable letter) {
            // A value that was read from the database since then does not need the record any more.
            return evidence.trace().horizonLsn() == null
                    ? Cause.DEAD_LETTER.because(
                            "its newest record, " + letter.place() + ", lies in the dead letters: " + letter.reason())
                    : of(evidence.with(letter.before()));
        }
        Found plain = byRedisAlone(evidence);
        if (plain != null) {
            return plain;
        }
        if (evidence.search() instanceof Search.NotMade not) {
            return evictedOr(evidence, Cause.UNKNOWN.because("Kafka was not looked through: " + not.why()));
        }
        if (evidence.search() instanceof Search.Nothing) {
            return withoutChange(evidence);
        }
        return byStream(evidence, (Search.Newest) evidence.search());
    }

    /** What needs no look at the stream; null when that is not enough. */
    private static @Nullable Found byRedisAlone(Evidence evidence) {
        Evidence.Trace trace = evidence.trace();
        if (!trace.type().equals(evidence.format().isHash() ? "hash" : "string")
                && !trace.type().equals("none")) {
            return Cause.FOREIGN_WRITE.because("the key holds a " + trace.type() + ", which the pipeline never writes");
        }
        if (evidence.value() != null && !trace.hasMeta() && !isRight(evidence)) {
            return Cause.FOREIGN_WRITE.because(
                    "there is a value without its meta, which the pipeline always writes with it");
        }
        if (evidence.value() != null && evidence.hasTtl() && trace.ttlMillis() == -1) {
            return Cause.FOREIGN_WRITE.because("the value has no time to live, and the cache gives each one");
        }
        if (evidence.value() != null && !evidence.hasTtl() && trace.ttlMillis() >= 0) {
            return Cause.FOREIGN_WRITE.because("the value has a time to live, and the cache gives none");
        }
        return evidence.kind() == Verdict.STALE ? ruleChanged(evidence) : null;
    }

    private static boolean isRight(Evidence evidence) {
        return evidence.value() != null
                && evidence.document() != null
                && evidence.format().holds(evidence.value(), evidence.document());
    }

    /** The same row with other members: what the cache shows of a row has changed, not the row. */
    private static @Nullable Found ruleChanged(Evidence evidence) {
        JsonNode value = members(evidence, evidence.value());
        JsonNode document = evidence.document() == null
                ? null
                : members(evidence, evidence.format().stored(evidence.document()));
        if (value == null || document == null) {
            return null;
        }
        Set<String> gone = names(value);
        Set<String> added = names(document);
        Set<String> common = new TreeSet<>(gone);
        common.retainAll(added);
        gone.removeAll(common);
        added.removeAll(common);
        boolean same = common.stream().allMatch(name -> value.get(name).equals(document.get(name)));
        if (common.isEmpty() || !same || gone.isEmpty() && added.isEmpty()) {
            return null;
        }
        return Cause.RULE_CHANGED.because("what both have is equal; the entry also has " + gone + " and lacks " + added
                + ", so the fields of the cache or the columns of the table were changed");
    }

    private static @Nullable JsonNode members(Evidence evidence, byte @Nullable [] stored) {
        return stored == null ? null : evidence.format().members(stored).orElse(null);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
            names.add(each.next());
        }
        return names;
    }

    private static Found withoutChange(Evidence evidence) {
        if (evidence.kind() != Verdict.ORPHANED) {
            return Cause.NOT_IN_STREAM.because("the row is there, and Kafka has no change of it");
        }
        if (evidence.trace().metaTtlMillis() >= 0 && !evidence.hasTtl()) {
            return Cause.FOREIGN_WRITE.because(
                    "its meta is that of a deleted entry, so the value was written after the delete was applied");
        }
        return Cause.UNKNOWN.because(
                "Kafka has no change of the row any more, and the entry's fence does not say enough");
    }

    private static Found byStream(Evidence evidence, Search.Newest newest) {
        boolean hasRow = evidence.document() != null;
        if (newest.deletes() == hasRow) {
            return Cause.NOT_IN_STREAM.because(
                    hasRow
                            ? "the row is there, and its newest change in Kafka" + version(newest) + " is a delete"
                            : "the row is gone, and its newest change in Kafka" + version(newest)
                                    + " is none that deletes it");
        }
        byte @Nullable [] told = newest.document();
        if (hasRow && told != null && evidence.document() != null && !JsonValues.equal(evidence.document(), told)) {
            return Cause.NOT_IN_STREAM.because("the row is not what its newest change in Kafka" + version(newest)
                    + " says, so it was changed and the stream has no such change");
        }
        if (hasRow && told == null) {
            return evictedOr(
                    evidence,
                    Cause.UNKNOWN.because(
                            "its newest change in Kafka" + version(newest) + " does not carry the row exactly"));
        }
        return byFence(evidence, newest);
    }

    /** Stream and database agree; the fence says whether the entry has seen it. */
    private static Found byFence(Evidence evidence, Search.Newest newest) {
        String fence = evidence.trace().version();
        String last = newest.version();
        if (fence != null && last != null && fence.compareTo(last) > 0) {
            return Cause.REFUSED_AS_OLDER.because(
                    "the entry's fence " + fence + " is ahead of the row's newest change" + version(newest));
        }
        if (fence == null || last != null && !hasSeen(evidence, fence, last)) {
            return unseen(evidence, newest);
        }
        if (evidence.kind() != Verdict.MISSING) {
            return Cause.FOREIGN_WRITE.because("the entry has seen the row's newest change" + version(newest)
                    + ", which says what the database says, and its value is another");
        }
        if (evidence.trace().metaTtlMillis() >= 0 && !evidence.hasTtl()) {
            return Cause.EXPIRED.because(
                    "the value is gone and its meta has a time to live, as of a cache whose entries expire");
        }
        return evictedOr(
                evidence,
                Cause.FOREIGN_DELETE.because("the entry has seen the row's newest change" + version(newest)
                        + ", and its value is gone; Redis has evicted nothing since it started"));
    }

    private static boolean hasSeen(Evidence evidence, String fence, String last) {
        Long horizon = evidence.trace().horizonLsn();
        return fence.equals(last)
                || horizon != null
                        && Long.compareUnsigned(horizon, Version.parse(last).commitLsn()) >= 0;
    }

    /** The newest change was applied and the entry has no trace of it. */
    private static Found unseen(Evidence evidence, Search.Newest newest) {
        Instant committed = newest.committedAt();
        if (committed != null && evidence.redis().startedAt().isAfter(committed)) {
            return Cause.LOST_WITH_REDIS.because(
                    "Redis started at " + evidence.redis().startedAt() + ", after the row's newest change"
                            + version(newest) + ", and the entry has no trace of it");
        }
        if (evidence.kind() == Verdict.MISSING && !evidence.trace().hasMeta()) {
            String what = evidence.value() == null ? "value and meta are gone" : "the meta is gone";
            return evictedOr(
                    evidence, Cause.FOREIGN_DELETE.because(what + ", and Redis has evicted nothing since it started"));
        }
        return Cause.UNKNOWN.because(
                "the row's newest change" + version(newest) + " was applied, and the entry has not seen it");
    }

    private static Found evictedOr(Evidence evidence, Found other) {
        long evicted = evidence.redis().evictedKeys();
        if (evidence.kind() != Verdict.MISSING || evicted == 0) {
            return other;
        }
        return Cause.EVICTED.because("it is gone, and Redis has evicted " + evicted + " keys since it started at "
                + evidence.redis().startedAt());
    }

    private static String version(Search.Newest newest) {
        return newest.version() == null ? "" : " (" + newest.version() + ")";
    }
}
