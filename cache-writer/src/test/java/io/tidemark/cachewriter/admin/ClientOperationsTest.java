package io.tidemark.cachewriter.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.entries.EntriesException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientOperationsTest {
    private final Map<String, Map<String, Long>> redis = new HashMap<>();
    private boolean open = true;
    private boolean away;

    @Test
    void cachesOfThePipelineFileAreToldApartAndAllOthersAreOne() {
        redis.put("product", Map.of("hits", 5L, "misses", 2L));
        redis.put("product-page", Map.of("hits", 7L));
        redis.put("anything-7", Map.of("hits", 1L));
        redis.put("anything-8", Map.of("hits", 2L, "strange", 9L));
        try (ClientOperations operations = operations()) {
            assertThat(operations.caches()).containsExactlyInAnyOrder("product", "page");
            assertThat(operations.count("product", "hits")).isZero();
            operations.look();
            assertThat(operations.count("product", "hits")).isEqualTo(5);
            assertThat(operations.count("product", "misses")).isEqualTo(2);
            assertThat(operations.count("page", "hits")).isEqualTo(7);
            assertThat(operations.count(ClientOperations.OTHER, "hits")).isEqualTo(3);
        }
    }

    @Test
    void aCacheCountedUnderTwoNamesIsTheirSum() {
        redis.put("product-page", Map.of("hits", 7L));
        redis.put("page", Map.of("hits", 3L));
        try (ClientOperations operations = operations()) {
            operations.look();
            assertThat(operations.count("page", "hits")).isEqualTo(10);
        }
    }

    @Test
    void whileRedisIsAwayCountsStayAsTheyWere() {
        redis.put("product", Map.of("hits", 5L));
        try (ClientOperations operations = operations()) {
            operations.look();
            redis.put("product", Map.of("hits", 6L));
            away = true;
            operations.look();
            assertThat(operations.count("product", "hits")).isEqualTo(5);
            away = false;
            open = false;
            operations.look();
            assertThat(operations.count("product", "hits")).isEqualTo(5);
            open = true;
            operations.look();
            assertThat(operations.count("product", "hits")).isEqualTo(6);
        }
    }

    private ClientOperations operations() {
        return new ClientOperations(
                () -> {
                    if (away) {
                        throw new EntriesException("Redis is away", new IllegalStateException());
                    }
                    return redis;
                },
                Map.of("product", "product", "product-page", "page", "page", "page"),
                () -> open);
    }
}
