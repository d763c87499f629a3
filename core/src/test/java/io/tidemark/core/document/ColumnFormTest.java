package io.tidemark.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.document.DocumentOutcome.Exact;
import io.tidemark.core.document.DocumentOutcome.ReadAgain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What came in envelopes of the real engine (3.6.1 on PostgreSQL 18, snapshot and stream) beside what {@code to_jsonb}
 * gave for the same rows.
 */
class ColumnFormTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bool          | true                            | true",
                "int2          | 32767                           | 32767",
                "int4          | -2147483648                     | -2147483648",
                "int8          | 9223372036854775807             | 9223372036854775807",
                "oid           | 4294967295                      | \"4294967295\"",
                "numeric       | \"0\"                           | 0",
                "numeric       | \"-1.50\"                       | -1.50",
                "numeric       | \"0.00000000000000000001\"      | 0.00000000000000000001",
                "numeric       | \"NAN\"                         | \"NaN\"",
                "numeric       | \"POSITIVE_INFINITY\"           | \"Infinity\"",
                "numeric       | \"NEGATIVE_INFINITY\"           | \"-Infinity\"",
                "numeric       | \"123456789012345678901234567890.123456789\" | 123456789012345678901234567890.123456789",
                "numeric(10,2) | \"12.50\"                       | 12.50",
                "numeric(5,-2) | \"12300.000000\"                | 12300",
                "float4        | 0.1                             | 0.1",
                "float4        | 9.9999999E14                    | 1e15",
                "float4        | 1.4E-45                         | 1e-45",
                "float4        | 3.4028235E38                    | 3.4028235e38",
                "float8        | -0.0                            | 0",
                "float8        | 4.9E-324                        | 5e-324",
                "float8        | 9.999999999999999E22            | 99999999999999990000000",
                "float8        | 1.2345678912345678E8            | 123456789.12345678",
                "float8        | 1.0E22                          | 1e22",
                "float8        | \"NaN\"                         | \"NaN\"",
                "float8        | \"-Infinity\"                   | \"-Infinity\"",
                "text          | \"\"                            | \"\"",
                "text          | \"é \\\"q\\\" \\\\ \\uD83D\\uDE00 \\u0001\" | \"é \\\"q\\\" \\\\ 😀 \\u0001\"",
                "bpchar        | \"ab   \"                       | \"ab   \"",
                "bytea         | \"\"                            | \"\\\\x\"",
                "bytea         | \"00ff10\"                      | \"\\\\x00ff10\"",
                "uuid          | \"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\" | \"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
                "date          | 19782                           | \"2024-02-29\"",
                "date          | -141349                         | \"1583-01-01\"",
                "date          | 2932896                         | \"9999-12-31\"",
                "time          | 0                               | \"00:00:00\"",
                "time          | 86400000000                     | \"24:00:00\"",
                "time          | 86399999999                     | \"23:59:59.999999\"",
                "time          | 45296700000                     | \"12:34:56.7\"",
                "time          | 3723000001                      | \"01:02:03.000001\"",
                "timestamp     | 1709210096000000                | \"2024-02-29T12:34:56\"",
                "timestamp     | 1709210096789000                | \"2024-02-29T12:34:56.789\"",
                "timestamp     | -1                              | \"1969-12-31T23:59:59.999999\"",
                "timestamp     | -62135596800000000              | \"0001-01-01T00:00:00\"",
                "timestamp     | -12219724799500000              | \"1582-10-10T00:00:00.5\"",
                "timestamptz   | \"2024-02-29T12:34:56.000000Z\" | \"2024-02-29T12:34:56+00:00\"",
                "timestamptz   | \"2024-02-29T07:34:56.789000Z\" | \"2024-02-29T07:34:56.789+00:00\"",
                "timestamptz   | \"2024-02-29T12:34:56Z\"        | \"2024-02-29T12:34:56+00:00\"",
                "timestamptz   | \"0001-01-01T00:00:00.000000Z\" | \"0001-01-01T00:00:00+00:00\"",
                "timestamptz   | \"-infinity\"                   | \"-infinity\"",
                "jsonb         | \"{\\\"a\\\": [1, 2.50, null], \\\"b\\\": \\\"é\\\"}\" | {\"a\": [1, 2.50, null], \"b\": \"é\"}",
                "jsonb         | \"null\"                        | null",
                "jsonb         | \"123456789012345678901234567890\" | 123456789012345678901234567890",
                "json          | \"  { \\\"k\\\" : \\\"v\\\" } \" | {\"k\": \"v\"}",
                "json          | \"0.10\"                        | 0.10",
                "enum          | \"very happy\"                  | \"very happy\"",
                "inet          | \"10.0.0.0/8\"                  | \"10.0.0.0/8\"",
                "macaddr8      | \"08:00:2b:01:02:03:04:05\"     | \"08:00:2b:01:02:03:04:05\"",
                "int4range     | \"[1,5)\"                       | \"[1,5)\"",
                "tsrange       | \"[\\\"2024-01-01 00:00:00\\\",)\" | \"[\\\"2024-01-01 00:00:00\\\",)\"",
                "xml           | \"<a>1</a>\"                    | \"<a>1</a>\"",
                "extension.citext | \"AbC\"                      | \"AbC\"",
                "extension.ltree  | \"a.b.c\"                    | \"a.b.c\"",
                "int4[]        | []                              | []",
                "int8[]        | [9223372036854775807]           | [9223372036854775807]",
                "text[]        | [\"a\",\"b c\",\"NULL\",\"\"]   | [\"a\", \"b c\", \"NULL\", \"\"]",
                "numeric[]     | [\"1.10\",\"2\"]                | [1.10, 2]",
                "float4[]      | [0.1,1.4E-45]                   | [0.1, 1e-45]",
                "bool[]        | [true,false]                    | [true, false]",
                "domain/int4   | 5                               | 5",
                "domain/int4[] | [1,2]                           | [1, 2]",
                "int4          | null                            | null",
                "jsonb         | null                            | null",
                "text[]        | null                            | null",
                "domain/numeric | null                           | null",
            })
    void is_exact_without_a_read(String type, String came, String toJsonb) {
        assertThat(outcome(type, came)).isInstanceOfSatisfying(Exact.class, exact -> assertThat(
                        JsonValues.equal(exact.json(), ("{\"id\":1,\"v\":" + toJsonb + "}").getBytes(UTF_8)))
                .as(new String(exact.json(), UTF_8))
                .isTrue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Values that have no form of their own in a change.
                "date          | -622191234                      | infinity in a snapshot",
                "date          | -2147472692                     | infinity in the stream",
                "date          | 1826195731                      | what the snapshot's select makes of early dates",
                "date          | -141350                         | 1582-12-31",
                "date          | 2932897                         | 10000-01-01",
                "timestamp     | 9223372036825200000             | infinity, and a moment of the year 294247",
                "timestamp     | -9223372036853775810            | the year 294276",
                "timestamp     | -63517824000000000              | 44 BC",
                "timestamp     | 253402300800000000              | the year 10000",
                "timestamptz   | \"-0043-03-15T12:00:00.000000Z\" | 44 BC",
                "timestamptz   | \"0000-12-31T12:00:00.000000Z\" | 1 BC",
                "timestamptz   | \"+10000-01-01T01:02:03.000000Z\" | the year 10000",
                "json          | \"{\\\"b\\\":1, \\\"b\\\":2}\"  | a member twice",
                "json          | \"1e400\"                       | numeric may round or refuse it",
                "json          | \"\\\"\\\\u0000\\\"\"           | jsonb refuses it",
                "int4[]        | [1,2,null]                      | a null, or an inner array",
                "int4[]        | [null,null]                     | two inner arrays",
                "text[]        | [\"[Ljava.lang.String;@6e31d93f\"] | an inner array",
                // Null that does not mean null.
                "numeric[]     | null                            | NaN in it, or unchanged",
                "int2[]        | null                            | unchanged",
                "bool[]        | null                            | unchanged",
                "domain/int4[] | null                            | unchanged",
                // Types that a change carries in another form or not at all.
                "interval      | \"P1Y2M3DT4H5M6.789S\"          |",
                "timetz        | \"18:29:59.999999Z\"            |",
                "money         | \"12.34\"                       |",
                "bit           | \"qg==\"                        |",
                "varbit        | \"FQ==\"                        |",
                "point         | {\"x\":1.0,\"y\":2.5,\"wkb\":\"AQ==\",\"srid\":null} |",
                "box           | \"28312e302c31\"                |",
                "tstzrange     | \"[\\\"2023-12-31 19:00:00-05\\\",)\" |",
                "int4multirange | \"7b7d\"                       |",
                "composite     | \"28312c6129\"                  |",
                "tsquery       | \"276127\"                      |",
                "int2vector    | []                              |",
                "extension.hstore | \"{}\"                       |",
                "extension.cube | \"2831\"                       |",
                "posint[]      | [\"31\",\"32\"]                 |",
                "enum[]        | null                            |",
                "date[]        | [19723]                         |",
                "jsonb[]       | [\"{}\"]                        |",
                "interval      | null                            |",
            })
    void is_read_again_when_the_change_is_not_exact(String type, String came, String why) {
        assertThat(outcome(type, came)).as(why).isEqualTo(new ReadAgain(DocumentOutcome.Reason.INEXACT_TYPE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text        | \"__debezium_unavailable_value\"",
                "bytea       | \"__debezium_unavailable_value\"",
                "numeric     | \"__debezium_unavailable_value\"",
                "json        | \"__debezium_unavailable_value\"",
                "jsonb       | \"__debezium_unavailable_value\"",
                "xml         | \"__debezium_unavailable_value\"",
                "numrange    | \"__debezium_unavailable_value\"",
                "domain/text | \"__debezium_unavailable_value\"",
                "text[]      | [\"__debezium_unavailable_value\"]",
                "uuid[]      | [\"b68a35a7-17ad-35b3-af2a-ae46edb4545a\"]",
                "int4[]      | [95,95,100,101,98,101,122,105,117,109,95,117,110,97,118,97,105,108,97,98,108,101,95,118,97,108,117,101]",
                "int8[]      | [95,95,100,101,98,101,122,105,117,109,95,117,110,97,118,97,105,108,97,98,108,101,95,118,97,108,117,101]",
            })
    void an_unchanged_large_value_is_read_again(String type, String came) {
        assertThat(outcome(type, came)).isEqualTo(new ReadAgain(DocumentOutcome.Reason.UNCHANGED_VALUE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int4        | \"5\"",
                "int2        | 32768",
                "bool        | 1",
                "text        | 5",
                "numeric     | 5",
                "numeric     | \"05\"",
                "numeric     | \"abc\"",
                "bytea       | \"xyz\"",
                "date        | \"2024-02-29Z\"",
                "time        | 86400000001",
                "timestamp   | \"2024-02-29T12:34:56Z\"",
                "timestamptz | \"yesterday\"",
                "float8      | \"1.5\"",
                "jsonb       | 5",
                "int4[]      | 5",
                "int4[]      | [\"5\"]",
            })
    void a_value_of_another_type_refreshes_the_shape(String type, String came) {
        DocumentOutcome outcome = outcome(type, came);

        assertThat(outcome).isEqualTo(new ReadAgain(DocumentOutcome.Reason.SHAPE_DIFFERS));
        assertThat(((ReadAgain) outcome).reason().refreshesShape()).isTrue();
    }

    private static DocumentOutcome outcome(String type, String came) {
        RowDocuments documents =
                new RowDocuments(Shapes.table(Shapes.column("id", "int4"), Shapes.column("v", type)), name -> true);
        return documents.of(Shapes.update("{\"id\":1}", "{\"id\":1,\"v\":" + came + "}"));
    }
}
