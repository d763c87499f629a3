package io.tidemark.ingest.postgres;

import io.tidemark.core.change.TableId;
import org.jspecify.annotations.Nullable;

/**
 * Something PostgreSQL lacks.
 *
 * @param kind what follows from it
 * @param table which table it is about; null when it is about the database
 * @param ofPublication whether it is about making the publication
 * @param message what was expected, what was found and what to do
 */
public record Requirement(Kind kind, @Nullable TableId table, boolean ofPublication, String message) {

    /** What follows from a requirement that is not met. */
    public enum Kind {
        /** It cannot work so. */
        WRONG,
        /** It works, with a risk. */
        RISK
    }

    static Requirement wrong(String message) {
        return new Requirement(Kind.WRONG, null, false, message);
    }

    static Requirement ofPublication(String message) {
        return new Requirement(Kind.WRONG, null, true, message);
    }

    static Requirement risk(String message) {
        return new Requirement(Kind.RISK, null, false, message);
    }
}
