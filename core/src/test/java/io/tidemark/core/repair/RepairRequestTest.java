package io.tidemark.core.repair;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepairRequestTest {
    @Test
    void a_request_is_read_as_it_was_written() {
        RepairRequest request = new RepairRequest("product", "run 1", true, List.of("product:5", "product:\"ä\n"));

        assertThat(RepairRequest.parse(request.json())).isEqualTo(request);
    }

    @Test
    void members_of_later_versions_are_left_alone() {
        assertThat(RepairRequest.parse("{\"cache\":\"a\",\"run\":\"r\",\"keys\":[\"k\"],\"why\":1}".getBytes(UTF_8)))
                .isEqualTo(new RepairRequest("a", "r", false, List.of("k")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "null",
                "{\"cache\":\"a\",\"keys\":[]}",
                "{\"keys\":[\"k\"]}",
                "{\"cache\":\"a\",\"keys\":[7]}"
            })
    void what_is_no_request_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RepairRequest.parse(text.getBytes(UTF_8)));
    }

    @Test
    void a_request_of_too_many_keys_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new RepairRequest("a", "r", false, Collections.nCopies(RepairRequest.MOST_KEYS + 1, "k")));
    }
}
