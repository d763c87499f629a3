package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.testkit.service.MetricsPage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromQlTest {

    @Test
    void metricsAreToldFromFunctionsWordsAndLabels() {
        assertThat(PromQl.metrics("sum by (cache) (increase(a_total{x=~\"b|c\", y!=\"d\"}[5m])) > 0"))
                .isEqualTo(Map.of("a_total", Set.of("cache", "x", "y")));
        assertThat(PromQl.metrics("sum(a) > 0 and sum(rate(b_total[5m])) == 5e9")
                        .keySet())
                .containsExactly("a", "b_total");
        assertThat(PromQl.metrics("vector(0.8)")).isEmpty();
    }

    @Test
    void whatAnAlertOrADashboardNamesAndNoServiceShowsIsFound() throws Exception {
        List<MetricsPage> pages = List.of(MetricsPage.read("""
                # HELP tidemark_lag_seconds how long ago
                tidemark_lag_seconds 0.5
                tidemark_verify_entries{cache="a \\"b\\", c",verdict="stale"} 1
                tidemark_lag_records 3
                """));
        List<String> lacking = MetricsInUse.lacking(pages);
        assertThat(lacking).noneMatch(line -> line.contains("tidemark_lag_seconds"));
        assertThat(lacking).noneMatch(line -> line.contains("tidemark_verify_entries"));
        assertThat(lacking).anyMatch(line -> line.endsWith("tidemark_lag_records has no label [topic]"));
        assertThat(lacking)
                .anyMatch(line -> line.equals("alert TidemarkWalHeld: no metric tidemark_ingest_slot_held_bytes"));
    }

    @Test
    void whatIsNoExpressionIsRefused() {
        for (String wrong : new String[] {"sum(a", "a{x=\"1\"", "strange(a)", "a ; b", "1 > 0"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> PromQl.metrics(wrong));
        }
    }
}
