package io.tidemark.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotTest {

    /** By CLUSTER KEYSLOT of Redis 7; 0x31C3 is the specification's own example. */
    @ParameterizedTest
    @CsvSource({"123456789, 12739", "foo, 12182", "bar, 5061", "tm:{foo}, 12182", "{foo}:x:{y}, 12182", "'', 0"})
    void slotIsThatOfTheKeyOrItsHashTag(String key, int slot) {
        assertThat(Slot.of(key)).isEqualTo(slot);
    }

    @ParameterizedTest
    @CsvSource({"foo{}, foo{}bar", "foo{, foo"})
    void emptyOrOpenBracesAreNoHashTag(String key, String other) {
        assertThat(Slot.of(key)).isNotEqualTo(Slot.of(other));
    }
}
