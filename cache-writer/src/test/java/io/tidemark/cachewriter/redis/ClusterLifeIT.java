package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.Format;
import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.testkit.redis.RedisCluster;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lives of a Redis Cluster of three masters, of which one loses its data. */
class ClusterLifeIT {
    private static final int ENTRIES = 600;
    private static final int EMPTIED = 1;
    private static final List<String> KEYS =
            IntStream.range(0, ENTRIES).mapToObj(i -> "item:" + i).toList();

    @TempDir
    Path directory;

    @Test
    void whoWritesWhatIsOldIsRefusedByTheMasterThatLostItsDataAndByNoOther() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(directory, 3);
                RedisStore store = new RedisStore(server(cluster), 60_000)) {
            store.library().ensure();
            Entries entries = store.entries();
            String life = store.incarnations().current();
            assertThat(apply(entries, life, 2)).containsOnly(WriteResult.WRITTEN);

            try (RedisConnection master = cluster.connect(EMPTIED)) {
                master.call("FLUSHALL");
            }
            List<WriteResult> results = apply(entries, life, 1);
            int lost = 0;
            for (int i = 0; i < ENTRIES; i++) {
                boolean isLost = cluster.masterOf(KEYS.get(i)) == EMPTIED;
                lost += isLost ? 1 : 0;
                assertThat(results.get(i)).as(KEYS.get(i)).isEqualTo(isLost ? WriteResult.FAILED : WriteResult.OLDER);
            }
            assertThat(lost).isBetween(ENTRIES / 5, ENTRIES / 2);

            String next = store.incarnations().current();
            assertThat(next).isNotEqualTo(life);
            assertThatThrownBy(() -> apply(entries, life, 1)).hasMessageContaining("another life");
            assertThat(apply(entries, next, 2)).containsOnly(WriteResult.WRITTEN, WriteResult.OLDER);
            evict(cluster);
            assertThat(apply(entries, next, 1)).contains(WriteResult.FAILED);
            assertThat(apply(entries, next, 1)).as("marks alone were lost").containsOnly(WriteResult.OLDER);
        }
    }

    /** As Redis does where it is full. */
    private static void evict(RedisCluster cluster) throws IOException {
        for (int i = 0; i < cluster.size(); i++) {
            try (RedisConnection master = cluster.connect(i)) {
                List<?> marks = (List<?>) master.call("KEYS", "tm.life:*");
                for (Object mark : marks == null ? List.of() : marks) {
                    master.call("DEL", String.valueOf(mark));
                }
            }
        }
    }

    private static List<WriteResult> apply(Entries entries, String life, int version) {
        List<EntryWrite> writes = new ArrayList<>();
        for (String key : KEYS) {
            writes.add(EntryWrite.of(
                    key, new Version(1, version, version, 1), 1, null, "{}".getBytes(UTF_8), Format.JSON));
        }
        return entries.applyIn(life, 0, writes).toCompletableFuture().join();
    }

    private static RedisSettings.Server server(RedisCluster cluster) {
        return new RedisSettings.Server(
                "127.0.0.1",
                cluster.master(0).port(),
                false,
                0,
                null,
                null,
                List.of("127.0.0.1:" + cluster.master(1).port()));
    }
}
