package io.tidemark.reconciler.cause;

import io.tidemark.core.document.Format;
import io.tidemark.reconciler.verify.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an entry that differs.
 *
 * @param kind stale, missing or orphaned
 * @param value as the format stores it; null for nothing, or something of another type
 * @param document what the database says; null for no row
 * @param hasTtl whether entries of the cache expire
 * @param format how Redis holds documents of the cache
 * @param trace what Redis shows of it
 * @param redis what Redis says of itself
 * @param search what Kafka shows of its row
 */
@SuppressWarnings("ArrayRecordComponent")
public record Evidence(
        Verdict kind,
        byte @Nullable [] value,
        byte @Nullable [] document,
        boolean hasTtl,
        Format format,
        Trace trace,
        RedisFigures redis,
        Search search) {

    /** The same with another look at Kafka. */
    Evidence with(Search other) {
        return new Evidence(kind, value, document, hasTtl, format, trace, redis, other);
    }

    /**
     * What Redis shows of an entry.
     *
     * @param type of the value's key, as {@code TYPE} says it; {@code none} when there is nothing
     * @param ttlMillis of the value, -1 for ever, -2 without a value
     * @param metaTtlMillis of the meta, -1 for ever, -2 without a meta
     * @param version the fence; null without one
     * @param horizonLsn up to where the value was read from the database; null when it came with a change
     */
    public record Trace(
            String type,
            long ttlMillis,
            long metaTtlMillis,
            @Nullable String version,
            @Nullable Long horizonLsn) {

        boolean hasMeta() {
            return version != null;
        }
    }

    /**
     * What Redis says of itself.
     *
     * @param evictedKeys how many keys it removed to make room since it started
     * @param startedAt when it started, by its own clock
     */
    public record RedisFigures(long evictedKeys, Instant startedAt) {}

    /** What Kafka shows of a row. */
    public sealed interface Search {
        /** Nobody looked; why. */
        record NotMade(String why) implements Search {}

        /** All was looked through, and there is no change of the row. */
        record Nothing() implements Search {}

        /**
         * The newest change of the row that was committed before the row was compared.
         *
         * @param version its version; null when only a tombstone is left of it
         * @param committedAt when it was committed; null when that is not known
         * @param deletes whether it leaves no row
         * @param document what it says the row is; null when it does not carry the row exactly
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Newest(
                @Nullable String version, @Nullable Instant committedAt, boolean deletes, byte @Nullable [] document)
                implements Search {}

        /**
         * A record of the row lies in the dead letters, and no change that could be read came after it.
         *
         * @param before what Kafka shows of the row without it
         */
        record Unreadable(String place, String reason, Search before) implements Search {}
    }
}
