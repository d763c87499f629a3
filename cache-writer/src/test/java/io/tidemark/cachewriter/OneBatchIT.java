package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A known failure of others: the delete and the set of one key in one batch, of which the wrong one wins. All records wait in
 * Kafka before the writer starts, so that it takes them as one batch.
 */
class OneBatchIT {
    private static final String HASHED = """
              hashed: {table: public.item, key: "hashed:{id}", format: hash}
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;

    @BeforeAll
    static void oneBatchForAll() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(directory.resolve("writer"), redis, HASHED);
        // An entry that is there already.
        try (RedisConnection connection = redis.connect()) {
            connection.call("FUNCTION", "LOAD", FunctionLibrary.load().text());
            for (int id : new int[] {20, 22}) {
                String key = stack.entry(id);
                String version = new Version(1, 1, stack.changes.next(), 1).text();
                connection.call(
                        "FCALL",
                        "tm_put",
                        "2",
                        key,
                        EntryKey.metaOf(key),
                        version,
                        "1",
                        "0",
                        "60000",
                        "",
                        "{\"old\": 1}");
            }
        }
        setThenDeleted(2, 4, 20);
        deletedThenSet(6, 8, 22);
        againAndAgain(10, 12);
        deliveredAgain(14, 16);
        stack.flush();
        stack.writer.start();
        stack.awaitApplied();
    }

    private static void setThenDeleted(int withTombstone, int... without) {
        stack.send(withTombstone, stack.changes.row("c", withTombstone, "set"));
        stack.send(withTombstone, stack.changes.delete());
        stack.send(withTombstone, null);
        for (int id : without) {
            stack.send(id, stack.changes.row("c", id, "set"));
            stack.send(id, stack.changes.delete());
        }
    }

    private static void deletedThenSet(int withTombstone, int... without) {
        stack.send(withTombstone, stack.changes.delete());
        stack.send(withTombstone, null);
        stack.send(withTombstone, stack.changes.row("c", withTombstone, "set again"));
        for (int id : without) {
            stack.send(id, stack.changes.delete());
            stack.send(id, stack.changes.row("c", id, "set again"));
        }
    }

    private static void againAndAgain(int deletedAtLast, int setAtLast) {
        for (int i = 0; i < 50; i++) {
            stack.send(deletedAtLast, stack.changes.row("c", deletedAtLast, "set " + i));
            stack.send(setAtLast, stack.changes.delete());
            stack.send(deletedAtLast, stack.changes.delete());
            stack.send(setAtLast, stack.changes.row("c", setAtLast, "set " + i));
        }
    }

    /** What Kafka delivers twice comes after what followed it. */
    private static void deliveredAgain(int set, int deleted) {
        List<byte[]> changes = List.of(
                stack.changes.row("c", set, "first"), stack.changes.delete(), stack.changes.row("c", set, "second"));
        List<byte[]> others = List.of(stack.changes.row("c", deleted, "first"), stack.changes.delete());
        for (int round = 0; round < 3; round++) {
            changes.forEach(change -> stack.send(set, change));
            others.forEach(change -> stack.send(deleted, change));
        }
        stack.send(deleted, others.get(0));
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 10, 16, 20})
    void deletedAfterItWasSet(int id) throws Exception {
        assertThat(stack.get(stack.entry(id))).isNull();
        assertThat(hash(id)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6, set again", "8, set again", "12, set 49", "14, second", "22, set again"})
    void setAfterItWasDeleted(int id, String name) throws Exception {
        assertThat(stack.get(stack.entry(id))).contains("\"" + name + "\"");
        assertThat(hash(id)).isEqualTo(Map.of("id", "" + id, "name", name, "price", "1.50"));
    }

    private static Map<String, String> hash(int id) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            return connection.hash("hashed:" + id);
        }
    }
}
