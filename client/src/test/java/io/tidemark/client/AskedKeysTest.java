package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AskedKeysTest {
    private final AskedKeys asked = new AskedKeys();

    @Test
    void everyAskCountsOnceWhileLittleIsAsked() {
        asked.saw("dashboard:7");
        asked.saw("dashboard:7");
        asked.saw("{shop:7}:list:1");
        assertThat(asked.takeNew())
                .isEqualTo(Map.of("dashboard", Map.of("dashboard:7", 2L), "list", Map.of("{shop:7}:list:1", 1L)));
        assertThat(asked.takeNew()).isEmpty();
    }

    @Test
    void memoryIsBoundedHoweverManyKeysAreAsked() {
        for (int i = 0; i < 3 * AskedKeys.MOST; i++) {
            asked.saw("k:" + i);
        }
        assertThat(asked.takeNew().get("k")).hasSize(AskedKeys.MOST);
    }

    @Test
    void muchIsSampledAndStillCountsAboutRight() {
        for (int i = 0; i < 20_000; i++) {
            asked.saw("k:before");
        }
        asked.takeNew();
        for (int i = 0; i < 80_000; i++) {
            asked.saw(i % 4 == 0 ? "k:often" : "k:" + i);
        }
        Map<String, Long> counts = asked.takeNew().get("k");
        assertThat(counts.get("k:often")).isBetween(16_000L, 24_000L);
        assertThat(counts.get("k:often") % AskedKeys.ONE_IN).isZero();
    }
}
