package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static io.tidemark.cachewriter.AdminCalls.encoded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A table kept as JSON text, as hashes and compressed, by a cache-writer that is fed by hand. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FormatsIT {
    private static final String VIEWER = "viewer-token-of-the-tests-0001";
    private static final String FORMATS = """
              hashed:
                table: public.item
                key: "hashed:{id}"
                format: hash
                tags: ["named:{name}"]
              packed:
                table: public.item
                key: "packed:{id}"
                compress: 500B
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                Map.of("TIDEMARK_CACHE_VIEWER_TOKEN", VIEWER),
                FORMATS);
        stack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @Test
    void changesBecomeHashesAndDeletesRemoveThem() throws Exception {
        stack.send(1, stack.changes.row("c", 1, "o\\\"ne", "\"large\""));
        stack.awaitApplied();
        assertThat(hash(1)).isEqualTo(Map.of("id", "1", "name", "o\"ne", "price", "1.50", "big", "large"));
        stack.send(1, stack.changes.row("u", 1, "uno"));
        stack.awaitApplied();
        assertThat(hash(1)).as("big is null").isEqualTo(Map.of("id", "1", "name", "uno", "price", "1.50"));
        stack.send(1, stack.changes.delete());
        stack.awaitApplied();
        assertThat(hash(1)).isEmpty();
    }

    @Test
    void longDocumentIsCompressedAndAShortOneIsNot() throws Exception {
        stack.send(2, stack.changes.row("c", 2, "long", "\"" + "tea ".repeat(1_000) + "\""));
        stack.send(3, stack.changes.row("c", 3, "short"));
        stack.awaitApplied();
        byte[] packed = value("packed:2");
        assertThat(packed).startsWith(0x1f, 0x8b).hasSizeLessThan(500);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(new String(gzip.readAllBytes(), UTF_8)).isEqualTo(stack.get(stack.entry(2)));
        }
        assertThat(value("packed:3")).isEqualTo(value(stack.entry(3)));
    }

    @Test
    void whatIsReadAgainIsInItsFormatToo() throws Exception {
        stack.sql("insert into item values (4, 'now', 2, repeat('x', 1000))");
        stack.send(4, stack.changes.row("u", 4, "then", "\"__debezium_unavailable_value\""));
        stack.awaitApplied();
        assertThat(hash(4)).containsEntry("name", "now").containsEntry("big", "x".repeat(1_000));
        assertThat(value("packed:4")).startsWith(0x1f, 0x8b);
        // A tombstone alone is settled under a lease.
        stack.sql("update item set name = 'later' where id = 4");
        stack.send(4, null);
        stack.awaitApplied();
        assertThat(hash(4)).containsEntry("name", "later");
    }

    @Test
    void explainKnowsEveryFormat() throws Exception {
        stack.changes.catchUp(stack.walLsn() - 100_000);
        String large = "y".repeat(2_000);
        stack.sql("insert into item values (5, 'told', 1.50, repeat('y', 2000))");
        stack.send(5, stack.changes.row("c", 5, "told", "\"" + large + "\""));
        stack.awaitApplied();
        for (String key : new String[] {"hashed:5", "packed:5"}) {
            assertThat(verdict(key)).as(key).isEqualTo("right");
        }
        JsonNode entry = answer("/api/cache/entries/" + encoded("hashed:5"));
        assertThat(entry.path("type").asText()).isEqualTo("hash");
        assertThat(entry.path("tags").toString()).contains("named:told");
        assertThat(entry.toString()).doesNotContain(large);

        call("HSET", "hashed:5", "name", "other");
        call("SET", "packed:5", "{\"id\": 5}");
        assertThat(verdict("hashed:5")).isEqualTo("stale");
        assertThat(verdict("packed:5")).isEqualTo("stale");
        call("DEL", "hashed:5");
        assertThat(verdict("hashed:5")).isEqualTo("missing");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void changedFormatReachesEveryEntryWithoutAChangeOfItsRow() throws Exception {
        stack.sql("insert into item select i, 'n' || i, 1.5, repeat('z', 800) from generate_series(1000, 1599) i");
        for (int id = 1_000; id < 1_600; id++) {
            stack.send(id, stack.changes.row("c", id, "n" + id, "\"" + "z".repeat(800) + "\""));
        }
        stack.awaitApplied();
        assertThat(hash(1_500)).hasSize(4);
        Path file = directory.resolve("writer/tidemark.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("    format: hash\n", "    compress: 2kB\n")
                        .replace("    compress: 500B\n", "    format: hash\n    fields: [id, name]\n"));
        stack.writer.stop();
        stack.writer.start();
        Await.until("hashes are texts, and compressed texts are hashes", WriterStack.SOON)
                .holds(() -> areAll("hashed:", "string") && areAll("packed:", "hash"));
        assertThat(new String(value("hashed:1500"), UTF_8)).startsWith("{").contains("\"name\": \"n1500\"", "zzz");
        try (RedisConnection connection = redis.connect()) {
            assertThat(connection.hash("packed:1500")).isEqualTo(Map.of("id", "1500", "name", "n1500"));
        }
    }

    private static boolean areAll(String prefix, String type) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            for (int id = 1_000; id < 1_600; id++) {
                if (!type.equals(connection.call("TYPE", prefix + id))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Map<String, String> hash(int id) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            return connection.hash("hashed:" + id);
        }
    }

    private static byte[] value(String key) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            return connection.getBytes(key);
        }
    }

    private static Object call(String... command) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }

    private static String verdict(String key) throws Exception {
        return answer("/api/cache/explain/" + encoded(key)).path("verdict").asText();
    }

    private static JsonNode answer(String path) throws Exception {
        return body(AdminCalls.send(stack.writer.url() + path, "GET", "", VIEWER), 200);
    }
}
