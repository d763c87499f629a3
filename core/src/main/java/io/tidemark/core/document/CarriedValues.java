package io.tidemark.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.postgres.Column;
import org.jspecify.annotations.Nullable;

/** Tells values that a change carries from what stands in the place of large ones that it did not touch. */
public final class CarriedValues {
    private CarriedValues() {}

    /**
     * Whether the value is the row's. A null of some types may be either, and counts as none.
     *
     * @param value in Debezium's representation; null when the change has no such column
     */
    public static boolean isCarried(Column column, @Nullable JsonNode value) {
        if (value == null || isPlaceholder(value)) {
            return false;
        }
        return !value.isNull() || ColumnForm.of(column).nullIsNull();
    }

    private static boolean isPlaceholder(JsonNode value) {
        JsonNode text = value.isArray() && value.size() == 1 ? value.get(0) : value;
        return text.isTextual() && text.textValue().equals(DebeziumForm.UNCHANGED);
    }
}
