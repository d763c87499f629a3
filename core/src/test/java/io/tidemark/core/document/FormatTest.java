package io.tidemark.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis holds of documents, and what of it means the same. */
class FormatTest {
    private static final Format GZIP = new Format.Json(100);
    private static final String LONG = "{\"id\": 7, \"note\": \"" + "tea ".repeat(100) + "\"}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a": "text"}                                | text
                    {"a": "with \\"quotes\\", é and \\u00e9\\n"} | with "quotes", é and é~
                    {"a": ""}                                    | ``
                    {"a": 1.50}                                  | 1.50
                    {"a": 12345678901234567890.000000000000001}  | 12345678901234567890.000000000000001
                    {"a": 1e-7}                                  | 1e-7
                    {"a": true}                                  | true
                    {"a": [1, "b c", {"d": null}]}               | [1,"b c",{"d":null}]
                    {"a": {"b": "a \\" b", "c": [ ]}, "z": null} | {"b":"a \\" b","c":[]}
                    """)
    void memberIsAField(String document, String field) {
        byte[] packed = Format.HASH.stored(document.getBytes(UTF_8));
        assertThat(HashFields.unpacked(packed).orElseThrow()).containsExactly(Map.entry("a", field.replace("~", "\n")));
        assertThat(Format.HASH.holds(packed, document.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest(name = "{0} for {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    1.5     | 1.50      | true
                    1       | 1         | true
                    "1"     | 1         | true
                    "1.50"  | 1.5       | false
                    1.5     | "1.5"     | false
                    true    | true      | true
                    true    | TRUE      | false
                    "true"  | true      | true
                    "a"     | a         | true
                    "a"     | "a"       | false
                    {"b":1} | { "b": 1} | true
                    {"b":1} | {"b": 2}  | false
                    [1]     | [1,2]     | false
                    [1]     | nonsense  | false
                    null    | null      | false
                    """)
    void fieldMeansWhatTheMemberSays(String member, String field, boolean same) {
        byte[] packed = HashFields.packed(Map.of("a", field));
        assertThat(Format.HASH.holds(packed, ("{\"a\": " + member + "}").getBytes(UTF_8)))
                .isEqualTo(same);
    }

    @Test
    void fieldTooManyOrTooFewIsADifference() {
        byte[] document = "{\"a\": 1, \"b\": 2, \"c\": null}".getBytes(UTF_8);
        Map<String, String> fields = new LinkedHashMap<>(Map.of("a", "1", "b", "2"));
        assertThat(Format.HASH.holds(HashFields.packed(fields), document)).isTrue();
        fields.put("c", "null");
        assertThat(Format.HASH.holds(HashFields.packed(fields), document)).isFalse();
        assertThat(Format.HASH.holds(HashFields.packed(Map.of("a", "1")), document))
                .isFalse();
        assertThat(Format.HASH.holds("{\"a\": 1, \"b\": 2}".getBytes(UTF_8), document))
                .as("a text at the key of a hash")
                .isFalse();
    }

    @Test
    void whatNestsDeeplyIsAFieldToo() {
        String deep = "[".repeat(3_000) + "]".repeat(3_000);
        byte[] document = ("{\"a\": " + deep + "}").getBytes(UTF_8);
        byte[] packed = Format.HASH.stored(document);
        assertThat(HashFields.unpacked(packed).orElseThrow()).containsEntry("a", deep);
        assertThat(Format.HASH.holds(packed, document)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "7", "", "{\"a\":", "nonsense"})
    void whatIsNoObjectIsNoHash(String document) {
        assertThatThrownBy(() -> Format.HASH.stored(document.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON object");
    }

    @Test
    void unpackingRefusesOtherBytesOfEveryLength() {
        byte[] packed = HashFields.packed(Map.of("name", "value"));
        for (int length = 0; length < packed.length; length++) {
            byte[] part = java.util.Arrays.copyOf(packed, length);
            assertThat(HashFields.unpacked(part)).as("%d bytes", length).isEmpty();
        }
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] broken = packed.clone();
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            HashFields.unpacked(broken);
        }
    }

    @Test
    void longTextIsCompressedTheSameWayEachTimeAndAShortOneIsNot() {
        byte[] document = LONG.getBytes(UTF_8);
        byte[] stored = GZIP.stored(document);
        assertThat(stored).hasSizeLessThan(document.length / 4).startsWith(0x1f, 0x8b);
        assertThat(GZIP.stored(document)).isEqualTo(stored);
        assertThat(Gzip.expand(stored, document.length)).contains(document);
        assertThat(Gzip.expand(stored, document.length - 1))
                .as("longer than asked for")
                .isEmpty();
        assertThat(GZIP.stored("{\"id\": 7}".getBytes(UTF_8))).isEqualTo("{\"id\": 7}".getBytes(UTF_8));
        assertThat(Format.JSON.stored(document)).isEqualTo(document);
    }

    @Test
    void whatCompressionMakesLongerStaysAsItIs() {
        byte[] noise = new byte[60];
        new Random(1).nextBytes(noise);
        noise[0] = '"';
        assertThat(new Format.Json(10).stored(noise)).isEqualTo(noise);
    }

    @Test
    void compressedAndPlainTextMeanTheSameAndABrokenOneNothing() {
        byte[] document = LONG.getBytes(UTF_8);
        byte[] stored = GZIP.stored(document);
        assertThat(GZIP.holds(stored, document)).isTrue();
        assertThat(GZIP.holds(document, document)).isTrue();
        assertThat(Format.JSON.holds(stored, document)).isTrue();
        assertThat(GZIP.holds(GZIP.stored(LONG.replace("7", "8").getBytes(UTF_8)), document))
                .isFalse();
        stored[stored.length - 9] ^= 1;
        assertThat(GZIP.holds(stored, document)).isFalse();
        byte[] bomb = Gzip.compress(new byte[50 << 20]);
        assertThat(GZIP.holds(bomb, document)).isFalse();
    }

    @Test
    void membersAreThoseOfTheDocument() {
        assertThat(GZIP.members(GZIP.stored(LONG.getBytes(UTF_8)))
                        .orElseThrow()
                        .get("id")
                        .asInt())
                .isEqualTo(7);
        assertThat(Format.HASH
                        .members(Format.HASH.stored(LONG.getBytes(UTF_8)))
                        .orElseThrow()
                        .get("id")
                        .asText())
                .isEqualTo("7");
        assertThat(Format.JSON.members("[1]".getBytes(UTF_8))).isEmpty();
        assertThat(Format.JSON.members("x".getBytes(UTF_8))).isEmpty();
    }
}
