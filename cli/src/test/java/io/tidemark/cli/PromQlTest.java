package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
    void whatIsNoExpressionIsRefused() {
        for (String wrong : new String[] {"sum(a", "a{x=\"1\"", "strange(a)", "a ; b", "1 > 0"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> PromQl.metrics(wrong));
        }
    }
}
