package io.tidemark.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":[true,null]} | {\"b\": [true, null], \"a\": 1}",
                "{\"a\": \"x, \\\"y\\\": z\", \"b\": [1, 2]} | {\"a\":\"x, \\\"y\\\": z\",\"b\":[1,2]}",
                "1                | 1.00",
                "100              | 1E+2",
                "0                | -0.0",
                "9007199254740993 | 9007199254740993.0",
                "\"é\"            | \"\\u00e9\"",
                "not json         | not json",
            })
    void the_same_value_written_otherwise_is_equal(String one, String other) {
        assertThat(equal(one, other)).isTrue();
        assertThat(equal(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "9007199254740993    | 9007199254740992",
                "0.1                 | 0.10000000000000000001",
                "1                   | \"1\"",
                "1                   | true",
                "null                | \"null\"",
                "{\"a\":null}        | {}",
                "{\"a\":1}           | {\"a\":1,\"b\":null}",
                "{\"a\":1,\"b\":2}   | {\"a\":1,\"c\":2}",
                "[1,2]               | [2,1]",
                "[1]                 | [1,1]",
                "{}                  | []",
                "\"a\"               | \"A\"",
                "\"a, b\"            | \"a,b\"",
                "\"\\\"a: b\"       | \"\\\"a:b\"",
                "[\"\\\\\", \", 1\"] | [\"\\\\\", \",1\"]",
                "{\"a\": 12}         | {\"a\": 1 2}",
                "1                   | not json",
                "1                   | 1 1",
            })
    void another_value_is_not_equal(String one, String other) {
        assertThat(equal(one, other)).isFalse();
        assertThat(equal(other, one)).isFalse();
    }

    @Test
    void ofVeryLargeTextsOnlySpacesDoNotMatter() {
        String large = "x".repeat(9 << 20);
        String one = "{\"a\":1,\"b\":\"" + large + "\"}";
        assertThat(equal(one, "{\"a\": 1, \"b\": \"" + large + "\"}")).isTrue();
        assertThat(equal(one, "{\"b\":\"" + large + "\",\"a\":1}")).isFalse();
    }

    private static boolean equal(String one, String other) {
        return JsonValues.equal(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }
}
