package io.tidemark.reconciler.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.testkit.redis.RedisCluster;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison reads, from a Redis Cluster. */
class ClusterEntriesIT {

    @TempDir
    Path directory;

    @Test
    void entriesOfEveryMasterAreRead() throws IOException {
        try (RedisCluster cluster = RedisCluster.start(directory, 3)) {
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String key = "product:" + i;
                keys.add(key);
                try (RedisConnection owner = cluster.connect(cluster.masterOf(key))) {
                    owner.call("SET", key, "{\"id\": " + i + "}");
                    owner.call("HSET", "tm:{" + key + "}", "v", "version" + i);
                }
            }
            RedisSettings.Server server = new RedisSettings.Server(
                    "127.0.0.1",
                    cluster.master(0).port(),
                    false,
                    0,
                    null,
                    null,
                    List.of("127.0.0.1:" + cluster.master(1).port()));
            try (RedissonEntries entries = RedissonEntries.connect(server)) {
                assertThat(new String(entries.values(keys).get(29), UTF_8)).isEqualTo("{\"id\": 29}");
                assertThat(entries.read(keys)).allSatisfy(entry -> {
                    assertThat(entry.value()).isNotNull();
                    assertThat(entry.version()).startsWith("version");
                });
                assertThat(entries.allHaveMeta(keys)).isTrue();
                List<String> found = new ArrayList<>();
                entries.matching("product:*").forEachRemaining(found::add);
                assertThat(found).containsExactlyInAnyOrderElementsOf(keys);
                try (RedisConnection owner = cluster.connect(cluster.masterOf("product:7"))) {
                    owner.call("DEL", "tm:{product:7}");
                }
                assertThat(entries.allHaveMeta(keys)).isFalse();
            }
        }
    }
}
