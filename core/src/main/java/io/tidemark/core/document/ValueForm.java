package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.document.DocumentOutcome.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes values of one type from the form a change has them in to the form {@code to_jsonb} gives. Thread-safe. */
interface ValueForm {

    /** For types that a change does not carry exactly. */
    ValueForm NEVER = (value, out) -> Reason.INEXACT_TYPE;

    /**
     * Writes the value.
     *
     * @param value not null in JSON's sense
     * @return null when it is written; else why it cannot be, and then what was written is to be dropped
     */
    @Nullable
    Reason write(JsonNode value, JsonGenerator out) throws IOException;

    /** Whether the value is what Debezium puts in the place of a large value that a change did not touch. */
    static boolean isUnchanged(String text) {
        return text.equals(DebeziumForm.UNCHANGED);
    }
}
