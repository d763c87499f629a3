package io.tidemark.core.freshness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

    @Test
    void theJsonFormIsReadBackAsItWas() {
        TreeMap<String, List<Long>> ends = new TreeMap<>();
        ends.put("tidemark.public.product", List.of(7L, 9L, 0L));
        Progress progress = new Progress(3, Long.MAX_VALUE, 1_763_665_200_000_123L, ends);

        assertThat(Progress.parse(progress.json())).isEqualTo(progress);
        assertThat(new String(progress.json(), UTF_8))
                .isEqualTo("{\"epoch\":3,\"publishedLsn\":9223372036854775807,\"atMicros\":1763665200000123,"
                        + "\"endOffsets\":{\"tidemark.public.product\":[7,9,0]}}");
    }

    @Test
    void fieldsOfALaterVersionAreLeftAlone() {
        assertThat(Progress.parse("{\"epoch\":1,\"publishedLsn\":2,\"atMicros\":3,\"new\":{}}".getBytes(UTF_8)))
                .isEqualTo(new Progress(1, 2, 3, new TreeMap<>()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"epoch\":0,\"publishedLsn\":2,\"atMicros\":3}",
                "{\"epoch\":1,\"publishedLsn\":\"2\",\"atMicros\":3}",
                "{\"epoch\":1,\"publishedLsn\":2,\"atMicros\":3,\"endOffsets\":{\"a\":[null]}}"
            })
    void whatIsNoProgressIsRefused(String json) {
        assertThatThrownBy(() -> Progress.parse(json.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}
