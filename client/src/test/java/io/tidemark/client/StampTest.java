package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampTest {

    @Test
    void stampCoversCountersOfItsLifeThatAreNotAboveIt() {
        Stamp stamp = Stamp.parse("483610e9:7").orElseThrow();
        assertThat(stamp.covers(new Stamp("483610e9", 7))).isTrue();
        assertThat(stamp.covers(new Stamp("483610e9", 8))).isFalse();
        assertThat(stamp.covers(new Stamp("483610ea", 1))).isFalse();
    }

    @Test
    void otherTextsAreNoStamps() {
        assertThat(Stamp.parse("-")).isEmpty();
        assertThat(Stamp.parse("")).isEmpty();
        assertThat(Stamp.parse("483610e9:x")).isEmpty();
    }
}
