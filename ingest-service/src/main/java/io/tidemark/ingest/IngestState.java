package io.tidemark.ingest;

import java.time.Duration;
import java.time.Instant;

/** What ingest-service is doing. Immutable. */
public sealed interface IngestState {

    /** The word for it on screens. */
    String word();

    /** Why, for whoever is on call; empty when all is well. */
    String reason();

    /** Something outside is not there yet; it goes on by itself. */
    record Waiting(String reason) implements IngestState {
        @Override
        public String word() {
            return "waiting";
        }
    }

    /** Another ingest-service reads the slot; this one takes over when that one is gone. */
    record StandBy(String reason) implements IngestState {
        @Override
        public String word() {
            return "standby";
        }
    }

    /** The stream runs. */
    record Running() implements IngestState {
        @Override
        public String word() {
            return "running";
        }

        @Override
        public String reason() {
            return "";
        }
    }

    /** The stream has failed and is started again. */
    record Failing(String reason, Instant since) implements IngestState {
        @Override
        public String word() {
            return "failing";
        }

        /** Whether it has been failing for so long that a person or an orchestrator should look. */
        public boolean longerThan(Duration limit, Instant now) {
            return since.plus(limit).isBefore(now);
        }
    }

    /** It was asked to stop. */
    record Stopped() implements IngestState {
        @Override
        public String word() {
            return "stopped";
        }

        @Override
        public String reason() {
            return "stopped";
        }
    }
}
