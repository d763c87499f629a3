package io.tidemark.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTemplateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    product:{id}      | 42        | product:42
                    product:{id}      | a:b       | product:a:b
                    product:{id}      | 50%       | product:50%25
                    product:{id}      | {x}       | product:%7Bx%7D
                    product:{id}      | 'a b'     | product:a%20b
                    product:{id}      | ''        | product:
                    product:{id}      | é         | product:é
                    p:{id}:stock      | a:stock   | p:a:stock:stock
                    {{shop}}:{id}     | 7         | {shop}:7
                    p[*]?{id}\\        | 7         | p[*]?7\\
                    """)
    void a_key_holds_the_values_text_encoded_where_it_could_be_mistaken(String template, String value, String key) {
        KeyTemplate parsed = KeyTemplate.parse(template);

        assertThat(parsed.render(row("id", value))).isEqualTo(key);
        assertThat(parsed.match(key)).contains(Map.of("id", value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    product:{id}     | products:42
                    product:{id}     | product
                    product:{id}:x   | product:x
                    product:{id}:x   | product:42:y
                    product:{id}     | 'product:a b'
                    product:{id}     | product:%4
                    product:{id}     | product:%41
                    product:{id}     | product:%7b
                    product:{id}     | product:%FF
                    product:{id}     | product:{42}
                    line:{a}:{b}     | line:1
                    """)
    void a_key_the_template_cannot_give_is_nobodys(String template, String key) {
        assertThat(KeyTemplate.parse(template).match(key)).isEmpty();
    }

    @Test
    void a_separator_inside_a_value_cannot_move_the_border_between_two_columns() {
        KeyTemplate template = KeyTemplate.parse("line:{bill}:{no}");
        ObjectNode one = row("bill", "1:2").put("no", "3");
        ObjectNode other = row("bill", "1").put("no", "2:3");

        assertThat(template.render(one)).isEqualTo("line:1%3A2:3");
        assertThat(template.render(other)).isEqualTo("line:1:2:3");
        assertThat(template.match("line:1%3A2:3")).contains(Map.of("bill", "1:2", "no", "3"));
        assertThat(template.match("line:1:2:3")).contains(Map.of("bill", "1", "no", "2:3"));
    }

    @Test
    void every_key_leads_back_to_its_row() {
        Random random = new Random(20261120);
        String alphabet = "a1:%{}- \t\n\\*?é漢\uD83D\uDE00\u00A0\u2028";
        KeyTemplate template = KeyTemplate.parse("t:{a}-{b}::{c}!");
        for (int i = 0; i < 2000; i++) {
            Map<String, String> values = new LinkedHashMap<>();
            ObjectNode row = JsonNodeFactory.instance.objectNode();
            for (String column : template.columns()) {
                values.put(column, randomText(random, alphabet));
                row.put(column, values.get(column));
            }
            assertThat(template.match(template.render(row))).contains(values);
        }
    }

    private static String randomText(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        int[] characters = alphabet.codePoints().toArray();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    @Test
    void numbers_and_booleans_stand_in_a_key_as_postgres_writes_them() {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("n", new BigDecimal("1E+3")).put("l", Long.MIN_VALUE).put("b", true);

        assertThat(KeyTemplate.parse("x:{n}:{l}:{b}").render(row)).isEqualTo("x:1000:-9223372036854775808:true");
    }

    @Test
    void a_null_has_no_key() {
        assertThatThrownBy(() -> KeyTemplate.parse("x:{id}")
                        .render(JsonNodeFactory.instance.objectNode().putNull("id")))
                .hasMessageContaining("x:{id}")
                .hasMessageContaining("found null");
        assertThatThrownBy(() -> KeyTemplate.parse("x:{id}").render(row("other", "1")))
                .hasMessageContaining("no such column");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    product        | primary key's columns in braces
                    product:{{id}} | primary key's columns in braces
                    product:{id    | at character 9: a { without its }
                    product:id}    | at character 11: a } without its {
                    product:{}     | at character 9: expected the name of a column
                    product:{ id}  | at character 9: expected the name of a column
                    {id}           | begin with a text of its own like product:, found a column
                    t{id}          | begin with a text of its own
                    tm:{id}        | are Tidemark's own
                    x}}{id}        | expected a key without braces
                    {a}{b}         | expected a separator
                    {a}x{b}        | expected a separator
                    {a}%{b}        | expected a separator
                    {a}:{a}        | named twice
                    """)
    void a_template_that_cannot_tell_rows_apart_is_refused(String template, String words) {
        assertThatThrownBy(() -> KeyTemplate.parse(template)).hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    product:{id}    | product:*
                    p[*]?{a}:{b}\\x | p\\[\\*\\]\\?*:*\\\\x
                    {{s}}:{id}      | {s}:*
                    """)
    void the_scan_pattern_takes_the_templates_own_text_literally(String template, String pattern) {
        assertThat(KeyTemplate.parse(template).scanPattern()).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    product:{id}     | bill:{id}         | false
                    product:{id}     | product:{sku}     | true
                    product:{id}     | product:{a}:{b}   | true
                    product:{id}     | products:{id}     | false
                    p{a}:x           | p{b}:y            | false
                    p{a}:x           | py:{b}            | true
                    p{{x}}:{a}       | p{b}:x            | false
                    pa {b}           | p{c}              | false
                    ab{x}cd          | a{y}d             | true
                    """)
    void two_templates_collide_when_some_key_could_be_of_both(String one, String other, boolean collide) {
        assertThat(KeyTemplate.parse(one).canCollideWith(KeyTemplate.parse(other)))
                .isEqualTo(collide);
        assertThat(KeyTemplate.parse(other).canCollideWith(KeyTemplate.parse(one)))
                .isEqualTo(collide);
    }

    private static ObjectNode row(String column, String value) {
        return JsonNodeFactory.instance.objectNode().put(column, value);
    }
}
