package io.tidemark.ingest.debezium;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Writes Connect's values as the JSON that Connect's own JsonConverter gives with {@code schemas.enable=false} and
 * {@code replace.null.with.default=false}, without building a tree first. Not thread-safe.
 */
final class StructJson {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .rootValueSeparator((SerializableString) null)
            .build();
    private static final int MOST_SCHEMAS_KEPT = 4096;

    private final Map<Schema, Shape> shapes = new IdentityHashMap<>();
    private final ByteArrayBuilder buffer = new ByteArrayBuilder(4096);
    private @Nullable JsonGenerator generator;

    /** What is worth keeping of a struct's schema: its fields, their names in UTF-8, and whether each has a default. */
    private record Shape(Field[] fields, SerializableString[] names, boolean[] defaults) {}

    /** Writes one member of a struct in a way of its own; answers false to have it written as it stands. */
    interface Member {
        boolean write(JsonGenerator json, Field field, @Nullable Object value) throws IOException;
    }

    /** A value's JSON in UTF-8. */
    byte[] bytes(@Nullable Object value) {
        return bytes(value, (json, field, member) -> false);
    }

    /** A value's JSON in UTF-8, with some members of the outermost struct written in another way. */
    byte[] bytes(@Nullable Object value, Member special) {
        boolean whole = false;
        buffer.reset();
        try {
            JsonGenerator json = generator();
            if (value instanceof Struct struct) {
                writeStruct(json, struct, special);
            } else {
                write(json, null, value);
            }
            json.flush();
            whole = true;
        } catch (IOException inMemory) {
            throw new UncheckedIOException("BUG: writing to memory failed", inMemory);
        } finally {
            if (!whole) {
                // What it stopped in the middle of would be before the next value.
                generator = null;
            }
        }
        return buffer.toByteArray();
    }

    private JsonGenerator generator() throws IOException {
        JsonGenerator json = generator;
        if (json == null) {
            json = JSON.createGenerator(buffer);
            generator = json;
        }
        return json;
    }

    void writeStruct(JsonGenerator json, Struct struct, Member special) throws IOException {
        Shape shape = shape(struct.schema());
        Field[] fields = shape.fields();
        json.writeStartObject(struct);
        for (int i = 0; i < fields.length; i++) {
            Field field = fields[i];
            json.writeFieldName(shape.names()[i]);
            Object value = shape.defaults()[i] ? struct.getWithoutDefault(field.name()) : struct.get(field);
            if (!special.write(json, field, value)) {
                write(json, field.schema(), value);
            }
        }
        json.writeEndObject();
    }

    private void write(JsonGenerator json, @Nullable Schema schema, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Float number) {
            json.writeNumber(number);
        } else if (value instanceof Short number) {
            json.writeNumber(number.intValue());
        } else if (value instanceof Byte number) {
            json.writeNumber(number.intValue());
        } else if (value instanceof Struct struct) {
            writeStruct(json, struct, (generator, field, member) -> false);
        } else {
            writeRare(json, schema, value);
        }
    }

    private void writeRare(JsonGenerator json, @Nullable Schema schema, Object value) throws IOException {
        if (value instanceof List<?> list) {
            Schema element = schema == null ? null : schema.valueSchema();
            json.writeStartArray();
            for (Object each : list) {
                write(json, element, each);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            writeMap(json, schema, map);
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            json.writeBinary(copy);
        } else if (value instanceof BigDecimal decimal && schema != null) {
            json.writeBinary(Decimal.fromLogical(schema, decimal));
        } else if (value instanceof Date date && schema != null) {
            writeDate(json, schema, date);
        } else {
            throw new DataException("no JSON form for " + value.getClass().getName());
        }
    }

    private void writeMap(JsonGenerator json, @Nullable Schema schema, Map<?, ?> map) throws IOException {
        Schema keySchema = schema == null ? null : schema.keySchema();
        Schema valueSchema = schema == null ? null : schema.valueSchema();
        boolean object = keySchema == null || keySchema.type() == Schema.Type.STRING;
        if (object) {
            json.writeStartObject();
        } else {
            json.writeStartArray();
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (object) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, valueSchema, entry.getValue());
            } else {
                json.writeStartArray();
                write(json, keySchema, entry.getKey());
                write(json, valueSchema, entry.getValue());
                json.writeEndArray();
            }
        }
        if (object) {
            json.writeEndObject();
        } else {
            json.writeEndArray();
        }
    }

    private static void writeDate(JsonGenerator json, Schema schema, Date date) throws IOException {
        if (org.apache.kafka.connect.data.Date.LOGICAL_NAME.equals(schema.name())) {
            json.writeNumber(org.apache.kafka.connect.data.Date.fromLogical(schema, date));
        } else if (Time.LOGICAL_NAME.equals(schema.name())) {
            json.writeNumber(Time.fromLogical(schema, date));
        } else {
            json.writeNumber(Timestamp.fromLogical(schema, date));
        }
    }

    private Shape shape(Schema schema) {
        Shape known = shapes.get(schema);
        if (known != null) {
            return known;
        }
        // Schemas are kept by identity; a table altered again and again would otherwise make this grow.
        if (shapes.size() >= MOST_SCHEMAS_KEPT) {
            shapes.clear();
        }
        Field[] fields = schema.fields().toArray(new Field[0]);
        SerializableString[] names = new SerializableString[fields.length];
        boolean[] defaults = new boolean[fields.length];
        for (int i = 0; i < fields.length; i++) {
            names[i] = new SerializedString(fields[i].name());
            defaults[i] = fields[i].schema().defaultValue() != null;
        }
        Shape made = new Shape(fields, names, defaults);
        shapes.put(schema, made);
        return made;
    }
}
