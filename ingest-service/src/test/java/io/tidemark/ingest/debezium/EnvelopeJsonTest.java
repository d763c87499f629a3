package io.tidemark.ingest.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

class EnvelopeJsonTest {
    private static final JsonMapper JSON = new JsonMapper();
    private final EnvelopeJson written = new EnvelopeJson();
    private final JsonConverter converter = new JsonConverter();

    EnvelopeJsonTest() {
        converter.configure(Map.of("schemas.enable", "false", "replace.null.with.default", "false"), false);
    }

    @Test
    void everyTypeIsWrittenAsConnectsOwnConverterDoes() throws Exception {
        Struct row = everyType();

        JsonNode ours = JSON.readTree(written.key(row));
        assertThat(ours).isEqualTo(JSON.readTree(converter.fromConnectData("t", row.schema(), row)));
        assertThat(ours.fieldNames()).toIterable().hasSize(row.schema().fields().size());
    }

    @Test
    void aNullIsANullAlsoWhereTheColumnHasADefault() throws Exception {
        Schema schema = SchemaBuilder.struct()
                .field("a", SchemaBuilder.int32().optional().defaultValue(7).build())
                .build();

        assertThat(JSON.readTree(written.key(new Struct(schema).put("a", null)))
                        .get("a")
                        .isNull())
                .isTrue();
    }

    @Test
    void manyRowsThroughOneWriterDoNotTouchEachOther() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Struct row = everyType().put("text", "x".repeat(i * 37 % 9000));
            assertThat(JSON.readTree(written.key(row)))
                    .isEqualTo(JSON.readTree(converter.fromConnectData("t", row.schema(), row)));
        }
    }

    @Test
    void onlyAStreamedChangeBeforeTheFirstCommitIsLiftedAboveTheSnapshot() throws Exception {
        assertThat(sequence("u", "[null,\"24\"]")).isEqualTo("[\"1\",\"24\"]");
        assertThat(sequence("r", "[null,\"24\"]")).isEqualTo("[null,\"24\"]");
        assertThat(sequence("u", "[\"20\",\"24\"]")).isEqualTo("[\"20\",\"24\"]");
    }

    @Test
    void withoutItsRowTheEnvelopeKeepsAllElse() throws Exception {
        Struct envelope = envelope("u", "[\"20\",\"24\"]");

        JsonNode json = JSON.readTree(written.withoutRow(envelope));
        assertThat(json.get("before").isNull()).isTrue();
        assertThat(json.get("after").isNull()).isTrue();
        assertThat(json.get("op").textValue()).isEqualTo("u");
        assertThat(json.get("source").get("sequence").textValue()).isEqualTo("[\"20\",\"24\"]");
    }

    @Test
    void aTypeWithoutAJsonFormIsRefusedAndNotGuessed() {
        StructJson json = new StructJson();

        assertThatThrownBy(() -> json.bytes(new Object())).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> json.bytes(List.of("begun", new Object()))).isInstanceOf(DataException.class);
        assertThat(json.bytes(List.of("a"))).asString().isEqualTo("[\"a\"]");
    }

    private String sequence(String op, String sequence) throws Exception {
        return JSON.readTree(written.envelope(envelope(op, sequence)))
                .get("source")
                .get("sequence")
                .textValue();
    }

    private static Struct envelope(String op, String sequence) {
        Schema row = SchemaBuilder.struct()
                .optional()
                .field("id", Schema.INT32_SCHEMA)
                .build();
        Schema source = SchemaBuilder.struct()
                .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        Schema schema = SchemaBuilder.struct()
                .field("before", row)
                .field("after", row)
                .field("source", source)
                .field("op", Schema.STRING_SCHEMA)
                .build();
        return new Struct(schema)
                .put("after", new Struct(row).put("id", 5))
                .put("source", new Struct(source).put("sequence", sequence))
                .put("op", op);
    }

    private static Struct everyType() {
        Schema inner =
                SchemaBuilder.struct().field("a", Schema.OPTIONAL_STRING_SCHEMA).build();
        Map<String, Object> values = new LinkedHashMap<>();
        SchemaBuilder schema = SchemaBuilder.struct();
        add(schema, values, "bool", Schema.OPTIONAL_BOOLEAN_SCHEMA, true);
        add(schema, values, "int8", Schema.INT8_SCHEMA, (byte) -3);
        add(schema, values, "int16", Schema.INT16_SCHEMA, (short) 300);
        add(schema, values, "int32", Schema.INT32_SCHEMA, Integer.MIN_VALUE);
        add(schema, values, "int64", Schema.INT64_SCHEMA, Long.MAX_VALUE);
        add(schema, values, "float32", Schema.FLOAT32_SCHEMA, 1.1f);
        add(schema, values, "float64", Schema.FLOAT64_SCHEMA, 1e300);
        add(schema, values, "nan", Schema.FLOAT64_SCHEMA, Double.NaN);
        add(schema, values, "inf", Schema.FLOAT64_SCHEMA, Double.NEGATIVE_INFINITY);
        add(schema, values, "text", Schema.OPTIONAL_STRING_SCHEMA, "ä\u0000\"\\\n \uD83D\uDE00 \uD800 é");
        add(schema, values, "null", Schema.OPTIONAL_STRING_SCHEMA, null);
        add(schema, values, "bytes", Schema.BYTES_SCHEMA, new byte[] {0, 1, -1});
        add(schema, values, "buffer", Schema.BYTES_SCHEMA, ByteBuffer.wrap(new byte[] {5, 6}));
        add(schema, values, "decimal", Decimal.schema(2), new BigDecimal("12.34"));
        add(schema, values, "date", org.apache.kafka.connect.data.Date.SCHEMA, new Date(86_400_000L * 9));
        add(schema, values, "time", Time.SCHEMA, new Date(5));
        add(schema, values, "stamp", Timestamp.SCHEMA, new Date(1_700_000_000_123L));
        Schema texts = SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build();
        add(schema, values, "array", texts, Arrays.asList("a", null));
        add(schema, values, "arrays", SchemaBuilder.array(texts).build(), List.of(List.of("x"), List.of()));
        add(
                schema,
                values,
                "map",
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_INT32_SCHEMA)
                        .build(),
                Map.of("k", 1));
        add(
                schema,
                values,
                "pairs",
                SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.STRING_SCHEMA).build(),
                Map.of(1, "v"));
        add(schema, values, "struct", inner, new Struct(inner).put("a", "b"));
        Struct struct = new Struct(schema.build());
        values.forEach(struct::put);
        return struct;
    }

    private static void add(SchemaBuilder schema, Map<String, Object> values, String name, Schema type, Object value) {
        schema.field(name, type);
        values.put(name, value);
    }
}
