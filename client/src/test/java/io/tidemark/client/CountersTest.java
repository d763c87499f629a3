package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.client.ApplicationCache.Counts;
import io.tidemark.client.Counters.What;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountersTest {

    @ParameterizedTest
    @CsvSource({"dashboard:7,dashboard", "{shop:7}:dashboard:x,dashboard", "plain,plain", "a:b:c,a", "{x},{x}"})
    void cacheIsTheTextBeforeTheFirstColon(String key, String cache) {
        assertThat(Counters.cacheOf(key)).isEqualTo(cache);
    }

    @Test
    void whatIsNewIsToldOnce() {
        Counters counters = new Counters();
        counters.count("a:1", What.HITS);
        counters.count("a:2", What.HITS);
        counters.count("b:1", What.REFUSED);
        assertThat(counters.takeNew()).isEqualTo(Map.of("a", Map.of(What.HITS, 2L), "b", Map.of(What.REFUSED, 1L)));
        counters.count("a:1", What.MISSES);
        assertThat(counters.takeNew()).isEqualTo(Map.of("a", Map.of(What.MISSES, 1L)));
        assertThat(counters.all()).containsEntry("a", new Counts(2, 1, 0, 0, 0, 0));
    }
}
