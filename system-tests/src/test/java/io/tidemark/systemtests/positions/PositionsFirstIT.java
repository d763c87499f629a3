package io.tidemark.systemtests.positions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.orders.StoreSettings;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** After Redis was emptied, the positions of many stores are back first, and wait for no entry. */
@Tag("long")
class PositionsFirstIT {
    private static final int STORES = 120;
    private static final int ENTRIES = Integer.getInteger("tidemark.entries", 100_000);
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void positionsAreBackBeforeTheEntriesAndWithoutThem() throws Exception {
        StoreSettings[] stores = IntStream.range(0, STORES)
                .mapToObj(i -> new StoreSettings(String.format(Locale.ROOT, "S%03d", i), 25 + i % 20, 20))
                .toArray(StoreSettings[]::new);
        try (FeedProduct product = new FeedProduct(directory, "positionsfirst", 100, stores)) {
            product.addCaches("  bulk: {table: public.bulk, key: \"bulk:{id}\"}\n");
            product.execute("create table bulk (id int primary key, name text)");
            product.execute("insert into bulk select i, 'name ' || i from generate_series(1, " + ENTRIES + ") i");
            ServiceProcess positions = product.positionService("a", 100);
            ServiceProcess writer = product.cacheWriter();
            List.of(product.ingestService(), positions, writer).forEach(ServiceProcess::launch);
            product.awaitAllTakenIn(PATIENCE);
            awaitEntries();
            Await.until("every store has its position", PATIENCE)
                    .holds(() -> positions().size() == STORES);
            Map<String, String> before = positions();

            writer.kill();
            product.loseRedis();
            Await.until("the positions are back though nobody writes entries", PATIENCE)
                    .holds(() -> positions().keySet().equals(before.keySet()));
            assertThat(keys("bulk:*")).isEmpty();
            writer.start();
            awaitEntries();

            product.loseRedis();
            long emptied = System.nanoTime();
            Await.until("the positions are back", PATIENCE)
                    .holds(() -> positions().keySet().equals(before.keySet()));
            int entries = keys("bulk:*").size();
            double seconds = (System.nanoTime() - emptied) / 1e9;
            awaitEntries();
            System.out.printf(
                    "%d positions were back %.1f s after FLUSHALL, beside %d of %d entries; those after %.1f s%n",
                    STORES, seconds, entries, ENTRIES, (System.nanoTime() - emptied) / 1e9);
            assertThat(entries)
                    .as("entries that were back before the positions")
                    .isLessThan(ENTRIES);
            assertThat(positions()).isEqualTo(before);
        }
    }

    private static void awaitEntries() {
        Await.until("every entry is there", PATIENCE).holds(() -> keys("bulk:*").size() == ENTRIES);
    }

    /** Page and last order of every store that Redis holds a position of, by key. */
    private static Map<String, String> positions() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (RedisConnection redis = SharedServers.redis().connect()) {
            for (String key : keys("tm:position:*")) {
                found.put(key, String.valueOf(redis.call("HMGET", key, "page", "last_id")));
            }
        }
        return found;
    }

    private static List<String> keys(String pattern) throws IOException {
        try (RedisConnection redis = SharedServers.redis().connect()) {
            List<?> keys = (List<?>) redis.call("KEYS", pattern);
            return keys == null ? List.of() : keys.stream().map(String::valueOf).toList();
        }
    }
}
