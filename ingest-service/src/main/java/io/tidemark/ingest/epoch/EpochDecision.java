package io.tidemark.ingest.epoch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the stream goes on where it was, or begins a new epoch because something between was or may be lost. */
public sealed interface EpochDecision {

    /** The epoch to publish under. */
    int epoch();

    /** The stream goes on. */
    record Continue(int epoch) implements EpochDecision {}

    /**
     * A new epoch begins: slot and offsets are made anew and every table is snapshotted.
     *
     * @param reason why, for whoever reads the log
     * @param entriesMayExist whether something may have been published before, so that it has to be invalidated
     */
    record Begin(int epoch, String reason, boolean entriesMayExist) implements EpochDecision {}

    /**
     * Decides.
     *
     * @param state what was kept of the epoch that ran; null when nothing was
     * @param offset how far Debezium had read; null when nothing is stored
     */
    static EpochDecision decide(@Nullable StreamState state, @Nullable StoredOffset offset, SourceFacts source) {
        int last = Math.max(state == null ? 0 : state.epoch(), source.rememberedEpoch());
        if (last == 0) {
            return new Begin(1, "this is the first start", false);
        }
        String reason = reason(state, offset, source);
        return reason == null && state != null ? new Continue(state.epoch()) : new Begin(last + 1, "" + reason, true);
    }

    private static @Nullable String reason(
            @Nullable StreamState state, @Nullable StoredOffset offset, SourceFacts source) {
        if (state == null) {
            return "the state topic is empty, but the database remembers epoch " + source.rememberedEpoch()
                    + ": Kafka has lost its data";
        }
        if (source.rememberedEpoch() > state.epoch()) {
            return "the database remembers epoch " + source.rememberedEpoch() + ", the state topic epoch "
                    + state.epoch() + ": Kafka has lost data";
        }
        String other = otherDatabase(state, source);
        if (other != null) {
            return other;
        }
        if (!state.snapshotDone() && (offset == null || offset.snapshotRunning())) {
            return "the first snapshot was cut off: rows deleted since would stay";
        }
        if (offset == null) {
            return "the stored offset is gone";
        }
        return slotGap(offset, source);
    }

    private static @Nullable String otherDatabase(StreamState state, SourceFacts source) {
        if (!state.systemIdentifier().equals(source.systemIdentifier())) {
            return "this is another database cluster: its system identifier is " + source.systemIdentifier()
                    + ", it was " + state.systemIdentifier();
        }
        if (state.timeline() != source.timeline()) {
            return "the cluster is on timeline " + source.timeline() + ", it was on " + state.timeline()
                    + ": it was restored or failed over";
        }
        for (Map.Entry<String, Long> table : source.tables().entrySet()) {
            Long before = state.tables().get(table.getKey());
            if (before == null) {
                return "table " + table.getKey() + " was added";
            }
            if (!before.equals(table.getValue())) {
                return "table " + table.getKey() + " was dropped and made anew";
            }
        }
        if (source.publicationGap() != null) {
            return source.publicationGap();
        }
        return state.publication() == source.publication() ? null : "the publication was dropped and made anew";
    }

    private static @Nullable String slotGap(StoredOffset offset, SourceFacts source) {
        SourceFacts.Slot slot = source.slot();
        if (slot == null) {
            return "the replication slot is gone";
        }
        if (slot.lost() != null) {
            return "PostgreSQL has removed WAL that the slot needs (" + slot.lost() + ")";
        }
        if (Long.compareUnsigned(slot.confirmedLsn(), offset.safeLsn()) > 0) {
            return "the replication slot is ahead of the stored offset, at " + Lsn.text(slot.confirmedLsn())
                    + " instead of " + Lsn.text(offset.safeLsn()) + ": it was made anew or moved";
        }
        if (Long.compareUnsigned(offset.safeLsn(), source.walLsn()) > 0) {
            return "the database's WAL ends at " + Lsn.text(source.walLsn()) + ", before the stored offset "
                    + Lsn.text(offset.safeLsn()) + ": an older copy was restored";
        }
        return null;
    }
}
