package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a table, through the service, to entries that an application has filled. */
class InvalidationIT {
    private static final String RULES = """
            tables:
              public.item:
                columns: {ignored: [big]}
                invalidates:
                  - tags: ["name:{name}", items]
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(directory.resolve("writer"), redis, RULES);
        stack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @Test
    void rowThatMovesClearsWhereItWasAndWhereItIs() throws Exception {
        stack.send(1, stack.changes.row("c", 1, "tea"));
        stack.awaitApplied();
        fill("list:tea", "name:tea");
        fill("list:milk", "name:milk");
        fill("list:ink", "name:ink");

        stack.send(1, stack.changes.update(1, "milk"));
        stack.awaitApplied();
        assertThat(read("list:tea")).isNull();
        assertThat(read("list:milk")).isNull();
        assertThat(read("list:ink")).isEqualTo("x");
        Await.until("plain readers see it too", WriterStack.SOON)
                .holds(() -> stack.get("list:tea") == null && stack.get("list:milk") == null);
        assertThat(stack.get("list:ink")).isEqualTo("x");
        Await.until("nothing is due", WriterStack.SOON)
                .holds(() -> call("HLEN", Tag.SWEEPS).equals(0L));
    }

    @Test
    void ignoredColumnClearsNothing() throws Exception {
        stack.send(2, stack.changes.row("c", 2, "view"));
        stack.awaitApplied();
        fill("list:view", "name:view");
        stack.send(2, stack.changes.row("u", 2, "view", "\"looked at\""));
        stack.awaitApplied();
        assertThat(read("list:view")).isEqualTo("x");
    }

    @Test
    void everyTagThatARowCouldHaveHadIsClearedWhenItIsForgotten() throws Exception {
        stack.send(3, stack.changes.row("c", 3, "lost"));
        stack.awaitApplied();
        fill("list:lost", "name:lost");
        fill("other", "names");
        call("DEL", "tm.row:{public.item:3}");
        call("DEL", Tag.BUMPS + ":tags");
        stack.send(3, stack.changes.update(3, "found"));
        stack.awaitApplied();
        assertThat(read("list:lost")).isNull();
        assertThat(read("other")).isEqualTo("x");
        assertThat(stack.progress("tagsGuessed")).isPositive();
    }

    @Test
    void truncateClearsEveryTagOfTheTable() throws Exception {
        stack.send(4, stack.changes.row("c", 4, "gone"));
        stack.awaitApplied();
        fill("list:gone", "name:gone");
        fill("all", "items");
        fill("another:gone", "names");
        long at = stack.changes.next();
        for (int partition = 0; partition < 2; partition++) {
            stack.send(partition, WriterStack.utf8("{\"tidemark.truncate\":true}"), stack.changes.truncate(at));
        }
        stack.awaitApplied();
        assertThat(read("list:gone")).isNull();
        assertThat(read("all")).isNull();
        assertThat(read("another:gone")).isEqualTo("x");
        assertThat((List<?>) call("KEYS", "tm.row:*")).isEmpty();
    }

    @Test
    void recordThatCannotBeReadClearsAllThatItCouldBeAbout() throws Exception {
        fill("list:poison", "name:poison");
        stack.send(5, WriterStack.utf8("{\"op\":"));
        stack.awaitApplied();
        assertThat(read("list:poison")).isNull();
    }

    @Test
    void everyRowOfABulkUpdateIsNoticed() throws Exception {
        for (int id = 1_000; id < 2_000; id++) {
            stack.send(id, stack.changes.row("c", id, "bulk" + id));
        }
        stack.awaitApplied();
        for (int id = 1_000; id < 2_000; id += 100) {
            fill("list:" + id, "name:bulk" + id);
        }
        for (int id = 1_000; id < 2_000; id++) {
            stack.send(id, stack.changes.update(id, "changed"));
        }
        stack.awaitApplied();
        for (int id = 1_000; id < 2_000; id += 100) {
            assertThat(read("list:" + id)).as("list %d", id).isNull();
        }
    }

    private static void fill(String key, String tags) throws IOException {
        assertThat(((List<?>) call("FCALL", "tm_lease", "2", key, meta(key), "t", "5000")).get(0))
                .isEqualTo("granted");
        assertThat(call("FCALL", "tm_fill", "2", key, meta(key), "t", "600000", "0", "0", tags, "value", "x"))
                .isEqualTo("filled");
    }

    private static String read(String key) throws IOException {
        List<?> found = (List<?>) call("FCALL_RO", "tm_get", "2", key, meta(key));
        return found == null ? null : (String) found.get(0);
    }

    private static String meta(String key) {
        return "tm:{" + key + "}";
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
