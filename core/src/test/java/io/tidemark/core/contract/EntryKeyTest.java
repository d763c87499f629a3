package io.tidemark.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryKeyTest {

    @ParameterizedTest
    @CsvSource({
        "product:42,             tm:{product:42}",
        "{shop:7}:product:42,    tm:{shop:7}:product:42",
        "product:{42},           tm:product:{42}",
        "a}{b},                  tm:a}{b}",
        "{a}b},                  tm:{a}b}",
        "{a}{b},                 tm:{a}{b}",
    })
    void metaLiesInTheSlotOfItsValue(String value, String meta) {
        assertThat(new EntryKey(value).meta()).isEqualTo(meta);
        assertThat(hashed(meta)).isEqualTo(hashed(value));
        assertThat(EntryKey.ofMeta(meta)).contains(new EntryKey(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tm:x", "a{b", "a}b", "{}a", "a{}{b}", "{a}"})
    void keyThatNoSecondKeyCanStandBesideIsRefused(String value) {
        assertThatThrownBy(() -> new EntryKey(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"product:42", "tm:incarnation", "tm:{}", "tm:{tm:x}", "tm:shape:product"})
    void otherKeysAreNobodysMeta(String key) {
        assertThat(EntryKey.ofMeta(key)).isEmpty();
    }

    @Test
    void libraryKnowsItsVersion() {
        FunctionLibrary library = FunctionLibrary.load();

        assertThat(library.version()).isPositive();
        assertThat(library.text()).startsWith("#!lua name=tidemark\n").contains(library.code());
    }

    /** What Redis Cluster hashes of a key. */
    private static String hashed(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        return close > open + 1 ? key.substring(open + 1, close) : key;
    }
}
