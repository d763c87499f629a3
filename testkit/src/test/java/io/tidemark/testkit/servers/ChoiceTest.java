package io.tidemark.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChoiceTest {

    @Test
    void knowsBothWordsAndNamesThemForAnyOther() {
        assertThat(Choice.of("embedded")).isEqualTo(Choice.EMBEDDED);
        assertThat(Choice.of("containers")).isEqualTo(Choice.CONTAINERS);
        assertThatThrownBy(() -> Choice.of("cloud"))
                .hasMessageContaining("embedded or containers")
                .hasMessageContaining("cloud");
    }
}
