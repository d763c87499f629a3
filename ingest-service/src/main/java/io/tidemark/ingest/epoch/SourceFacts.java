package io.tidemark.ingest.epoch;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says of itself before the stream starts.
 *
 * @param systemIdentifier of the cluster
 * @param timeline of its WAL
 * @param walLsn where its WAL ends now
 * @param slot the replication slot; null when there is none
 * @param publication the publication's oid, after it was made right
 * @param publicationGap what the publication had lost before it was made right; null when nothing
 * @param tables the oid of each table's relation by {@code schema.table}
 * @param rememberedEpoch the epoch noted in the database, in case Kafka was emptied; 0 for none
 */
public record SourceFacts(
        String systemIdentifier,
        int timeline,
        long walLsn,
        @Nullable Slot slot,
        long publication,
        @Nullable String publicationGap,
        SortedMap<String, Long> tables,
        int rememberedEpoch) {

    public SourceFacts {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    /**
     * A replication slot.
     *
     * @param confirmedLsn up to which PostgreSQL was told it may forget
     * @param lost whether PostgreSQL has removed WAL that the slot needs; then why, else null
     */
    public record Slot(long confirmedLsn, @Nullable String lost) {}
}
