package io.tidemark.reconciler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenKeysTest {

    @Test
    void every_key_within_the_room_is_remembered_and_no_other() {
        SeenKeys seen = new SeenKeys(100_000);
        for (int i = 0; i < 100_000; i++) {
            seen.add("product:" + i);
        }

        for (int i = 0; i < 100_000; i++) {
            assertThat(seen.contains("product:" + i)).isTrue();
            assertThat(seen.contains("products:" + i)).isFalse();
            assertThat(seen.contains("product:0" + i)).isFalse();
        }
    }

    @Test
    void past_the_room_keys_are_forgotten_but_never_invented() {
        SeenKeys seen = new SeenKeys(1000);
        for (int i = 0; i < 100_000; i++) {
            seen.add("product:" + i);
        }

        assertThat(seen.contains("product:1")).isTrue();
        assertThat(seen.contains("product:99999")).isFalse();
        assertThat(seen.contains("bill:1")).isFalse();
    }
}
