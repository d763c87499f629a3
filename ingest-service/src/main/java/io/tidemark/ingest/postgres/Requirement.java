package io.tidemark.ingest.postgres;

import io.tidemark.core.change.TableId;
import org.jspecify.annotations.Nullable;

/**
 * Something PostgreSQL lacks.
 *
 * @param kind what follows from it
 * @param table which table it is about; null when it is about the database
 * @param message what was expected, what was found and what to do
 */
public record Requirement(Kind kind, @Nullable TableId table, String message) {

    /** What follows from a requirement that is not met. */
    public enum Kind {
        /** It cannot work so. */
        WRONG,
        /** A table or its primary key is missing, which may still come. */
        NOT_YET,
        /** It works, with a risk. */
        RISK
    }

    static Requirement wrong(String message) {
        return new Requirement(Kind.WRONG, null, message);
    }

    static Requirement risk(String message) {
        return new Requirement(Kind.RISK, null, message);
    }
}
