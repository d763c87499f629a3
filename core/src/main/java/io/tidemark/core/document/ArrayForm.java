package io.tidemark.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tidemark.core.document.DocumentOutcome.Reason;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The form of an array of one dimension without nulls. One of several dimensions comes with nulls, or with names of Java
 * classes, in the place of its inner arrays, so an array with such elements is left to PostgreSQL.
 *
 * @param element the form of its elements
 */
record ArrayForm(ValueForm element) implements ValueForm {
    private static final String JAVA_ARRAY = "[L";
    private static final ArrayNode UNCHANGED_WHOLE_NUMBERS = unchangedWholeNumbers();
    private static final String UNCHANGED_UUID =
            UUID.nameUUIDFromBytes(DebeziumForm.UNCHANGED.getBytes(UTF_8)).toString();

    @Override
    public @Nullable Reason write(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isArray()) {
            return Reason.SHAPE_DIFFERS;
        }
        if (isUnchanged(value)) {
            return Reason.UNCHANGED_VALUE;
        }
        out.writeStartArray();
        for (JsonNode each : value) {
            if (each.isNull() || each.isTextual() && each.textValue().startsWith(JAVA_ARRAY)) {
                return Reason.INEXACT_TYPE;
            }
            Reason reason = element.write(each, out);
            if (reason != null) {
                return reason;
            }
        }
        out.writeEndArray();
        return null;
    }

    private static boolean isUnchanged(JsonNode array) {
        return array.size() == 1
                        && array.get(0).isTextual()
                        && array.get(0).textValue().equals(UNCHANGED_UUID)
                || array.size() == UNCHANGED_WHOLE_NUMBERS.size() && array.equals(UNCHANGED_WHOLE_NUMBERS);
    }

    /** For arrays of whole numbers Debezium gives the placeholder's bytes as the elements. */
    private static ArrayNode unchangedWholeNumbers() {
        ArrayNode bytes = JsonNodeFactory.instance.arrayNode();
        for (byte each : DebeziumForm.UNCHANGED.getBytes(UTF_8)) {
            bytes.add((int) each);
        }
        return bytes;
    }
}
