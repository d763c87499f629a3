package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.jobs.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Where a replay begins on every partition. */
public sealed interface From {

    /** All that is left. */
    record Earliest() implements From {
        @Override
        public String text() {
            return "earliest";
        }
    }

    /** What was published at a time or later. */
    record Time(Instant time) implements From {
        @Override
        public String text() {
            return time.toString();
        }
    }

    /** What stands at an offset or later. */
    record Offset(long offset) implements From {
        @Override
        public String text() {
            return Long.toString(offset);
        }
    }

    /** As {@link #parse} takes it. */
    String text();

    /** @throws RefusedException for what is none of the three */
    static From parse(String text) {
        if (text.isEmpty() || text.equals("earliest")) {
            return new Earliest();
        }
        try {
            return text.matches("\\d+")
                    ? new Offset(Long.parseLong(text))
                    : new Time(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | NumberFormatException unreadable) {
            throw new RefusedException(
                    "from",
                    "expected earliest, a time or an offset, found \"" + text + "\"",
                    "use something like earliest, 2026-11-21T14:00:00Z or 1500");
        }
    }
}
