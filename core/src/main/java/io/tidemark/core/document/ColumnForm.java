package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.document.DocumentOutcome.Reason;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one column goes from a change into a document.
 *
 * @param name the column
 * @param member the name as a document has it
 * @param form how its values go
 * @param nullIsNull whether null in a change always is null in the row; Debezium has null for unchanged large values of
 *     some types and for values it could not convert
 * @param mayBeAbsent whether a change may be without the column though the table has it
 */
record ColumnForm(String name, SerializedString member, ValueForm form, boolean nullIsNull, boolean mayBeAbsent) {

    private static final ValueForm TEXT = ScalarForms::text;
    private static final ValueForm INT4 = ScalarForms.whole(Integer.SIZE);
    private static final ValueForm INT8 = ScalarForms.whole(Long.SIZE);

    /** Texts in both representations, and in the WAL's own form in snapshots too. */
    private static final Set<String> TEXTS = Set.of(
            "text", "varchar", "bpchar", "name", "uuid", "inet", "cidr", "macaddr", "macaddr8", "xml", "tsvector");

    private static final Set<String> TEXTS_OF_EXTENSIONS = Set.of("citext", "ltree");
    private static final Set<String> TEXT_RANGES = Set.of("int4range", "int8range", "numrange", "daterange", "tsrange");

    /** Arrays of these come with a placeholder when they are unchanged; arrays of others come as null. */
    private static final Set<String> ELEMENTS_WITH_PLACEHOLDER = Set.of("int4", "int8", "text", "uuid");

    static ColumnForm of(Column column) {
        ValueForm form = formOf(column.type());
        return new ColumnForm(
                column.name(),
                new SerializedString(column.name()),
                form,
                form != ValueForm.NEVER && isNullTrusted(column),
                form == ValueForm.NEVER || column.generated());
    }

    /** Writes the member. */
    @Nullable
    Reason write(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isNull()) {
            out.writeFieldName(member);
            return form.write(value, out);
        }
        if (!nullIsNull) {
            return Reason.INEXACT_TYPE;
        }
        out.writeFieldName(member);
        out.writeNull();
        return null;
    }

    /** Whether the value is in a document just as it came. */
    boolean isAsItCame(JsonNode value) {
        return form == TEXT && value.isTextual() || (form == INT4 || form == INT8) && value.isInt();
    }

    /** What a change without the column means. */
    Reason absent() {
        return mayBeAbsent ? Reason.INEXACT_TYPE : Reason.SHAPE_DIFFERS;
    }

    private static boolean isNullTrusted(Column column) {
        ColumnType element = column.type().element();
        boolean array = column.type().kind() == ColumnType.Kind.ARRAY;
        return !column.toastable()
                || !array
                || element != null && !column.domain() && ELEMENTS_WITH_PLACEHOLDER.contains(element.name());
    }

    private static ValueForm formOf(ColumnType type) {
        return switch (type.kind()) {
            case ENUM -> TEXT;
            case BASE -> scalar(type);
            case RANGE -> type.isBuiltIn() && TEXT_RANGES.contains(type.name()) ? TEXT : ValueForm.NEVER;
            case ARRAY -> array(type.element());
            case COMPOSITE, MULTIRANGE, DOMAIN -> ValueForm.NEVER;
        };
    }

    private static ValueForm array(@Nullable ColumnType element) {
        if (element == null || !element.isBuiltIn()) {
            return ValueForm.NEVER;
        }
        return switch (element.name()) {
            case "bool", "int2", "int4", "int8", "numeric", "float4", "float8", "text", "varchar", "bpchar", "uuid" ->
                new ArrayForm(scalar(element));
            default -> ValueForm.NEVER;
        };
    }

    private static ValueForm scalar(ColumnType type) {
        if (!type.isBuiltIn()) {
            return TEXTS_OF_EXTENSIONS.contains(type.name()) ? TEXT : ValueForm.NEVER;
        }
        if (TEXTS.contains(type.name())) {
            return TEXT;
        }
        return switch (type.name()) {
            case "bool" -> ScalarForms::bool;
            case "int2" -> ScalarForms.whole(Short.SIZE);
            case "int4" -> INT4;
            case "int8" -> INT8;
            case "oid" -> ScalarForms::oid;
            case "numeric" -> ScalarForms.numeric(hasNegativeScale(type.modifier()));
            case "float4" -> ScalarForms::float4;
            case "float8" -> ScalarForms::float8;
            case "bytea" -> ScalarForms::bytea;
            case "date" -> TimeForms::date;
            case "time" -> TimeForms::time;
            case "timestamp" -> TimeForms::timestamp;
            case "timestamptz" -> TimeForms::timestamptz;
            case "json" -> JsonForm.json();
            case "jsonb" -> JsonForm.jsonb();
            default -> ValueForm.NEVER;
        };
    }

    /** numeric's modifier: four more than the precision in the upper half and the scale in eleven bits with a sign. */
    private static boolean hasNegativeScale(int modifier) {
        return modifier >= 4 && ((modifier - 4) & 0x400) != 0;
    }
}
