package io.tidemark.positions.position;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a store's sync stands. Immutable.
 *
 * @param phase what it does
 * @param lastSync when the last one ended
 * @param lastError what went wrong last, without anybody's data; empty once a sync went well again
 * @param callsLeftThisHour how many calls of the API are left in this hour
 * @param callsLeftToday how many are left today
 */
public record SyncState(
        Phase phase,
        Optional<Instant> lastSync,
        Optional<String> lastError,
        OptionalLong callsLeftThisHour,
        OptionalLong callsLeftToday) {

    /** What a sync does. */
    public enum Phase {
        /** Waits for its next turn. */
        WAITING("waiting"),
        /** Reads pages. */
        SYNCING("syncing"),
        /** A person holds it. */
        PAUSED("paused"),
        /** The API refuses the store's token. */
        REFUSED("refused by the API");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** The phase as people read it. */
        public String label() {
            return label;
        }
    }

    /** Of a store whose sync says nothing. */
    public static SyncState unknown() {
        return new SyncState(
                Phase.WAITING, Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
    }
}
