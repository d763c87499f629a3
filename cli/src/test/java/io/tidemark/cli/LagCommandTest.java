package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LagCommandTest {

    @Test
    void groupsAndTopicsAreShownWithTheirPace() throws Exception {
        assertThat(LagCommand.text(lag("warning"), false))
                .contains("0.4 s ago", "judged over 60 s")
                .containsPattern("shop\\.cache-writer \\(2\\) +warning +1,200 +over 7\\.5 +10\\.0 +30\\.0 +60 s")
                .containsPattern(
                        "  shop\\.public\\.product +warning +1,200 +over 7\\.5 +10\\.0 +5\\.0 +not at this pace");
    }

    @Test
    void whoKeepsUpHasNothingToClear() throws Exception {
        assertThat(LagCommand.text(lag("ok"), false))
                .containsPattern("  shop\\.public\\.product +ok +1,200 +over 7\\.5 +10\\.0 +5\\.0 +-")
                .doesNotContain("not at this pace");
    }

    @Test
    void whoCatchesUpIsAllRightAndHasATimeToClear() throws Exception {
        assertThat(LagCommand.text(lag("ok"), false))
                .containsPattern("shop\\.cache-writer \\(2\\) +ok +1,200 +over 7\\.5 +10\\.0 +30\\.0 +60 s");
    }

    @Test
    void whoKeepsUpHasNothingToClearThoughItSwings() throws Exception {
        JsonNode lag = lag("ok");
        ((ObjectNode) lag.at("/groups/0")).put("seconds", 0.2);
        assertThat(LagCommand.text(lag, false))
                .containsPattern("shop\\.cache-writer \\(2\\) +ok +1,200 +over 0\\.2 +10\\.0 +30\\.0 +-");
    }

    @Test
    void oneGroupIsShownByPartition() throws Exception {
        assertThat(LagCommand.text(lag("ok"), true))
                .containsPattern("shop\\.public\\.product 3 +ok +8,800 +10,000 +1,200 +7\\.5")
                .containsPattern("shop\\.public\\.product 4 +ok +- +50 +- +0\\.0");
    }

    @ParameterizedTest
    @CsvSource({"ok, false", "warning, false", "rewound, false", "stalled, true", "stopped, true"})
    void whoDoesNotMoveIsUnhealthy(String state, boolean unhealthy) throws Exception {
        assertThat(LagCommand.isUnhealthy(lag(state))).isEqualTo(unhealthy);
    }

    private static JsonNode lag(String state) throws Exception {
        return new ObjectMapper().readTree("""
                {"age_ms": 412, "window_seconds": 60, "groups": [{"group": "shop.cache-writer", "state": "%1$s", "members": 2,
                  "records": 1200, "seconds": 7.5, "seconds_at_least": true,
                  "produced_per_second": 10.0, "consumed_per_second": 30.0, "clear_seconds": 60.0,
                  "topics": [{"topic": "shop.public.product", "state": "%1$s", "records": 1200, "seconds": 7.5,
                    "seconds_at_least": true, "produced_per_second": 10.0, "consumed_per_second": 5.0, "clear_seconds": null,
                    "partitions": [
                      {"partition": 3, "committed": 8800, "end": 10000, "records": 1200, "seconds": 7.5,
                       "seconds_at_least": false, "state": "%1$s"},
                      {"partition": 4, "committed": null, "end": 50, "records": null, "seconds": 0.0,
                       "seconds_at_least": false, "state": "%1$s"}]}]}]}""".formatted(state));
    }
}
