package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.admin.Keyspace;
import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a real Redis. */
class RedissonKeyspaceIT {
    @TempDir
    private static Path directory;

    private static EmbeddedRedis server;
    private static RedisConnection redis;
    private static ContractRedis contract;
    private static RedisStore store;
    private static Keyspace keyspace;

    @BeforeAll
    static void start() throws Exception {
        server = new EmbeddedRedis(io.tidemark.testkit.redis.RedisSettings.in(directory));
        server.start();
        redis = server.connect();
        contract = new ContractRedis(redis);
        store = new RedisStore(new RedisSettings.Server("127.0.0.1", server.port(), false, 0, null, null), 60_000);
        keyspace = store.keyspace();
    }

    @AfterAll
    static void stop() throws Exception {
        store.close();
        redis.close();
        server.kill();
    }

    @Test
    void anEntryIsSeenWithItsMeta() throws Exception {
        contract.ask("app:1", "t", 10_000);
        contract.keep("app:1", "t", "shop:7 catalog", "{\"a\":1}");

        Keyspace.Look look = keyspace.look("app:1");

        assertThat(new String(look.value(), UTF_8)).isEqualTo("{\"a\":1}");
        assertThat(look.type()).isEqualTo("string");
        assertThat(look.meta().get("s")).endsWith(" shop:7 catalog");
        assertThat(look.ttlMillis()).isBetween(1L, 60_000L);
        assertThat(look.bytes()).isPositive();
        assertThat(keyspace.counters(List.of("shop:7", "nobody")).get("nobody")).isEmpty();
        assertThat(keyspace.counters(List.of("shop:7")).get("shop:7")).isPresent();
    }

    @Test
    void aKeyOfAnotherTypeAndNoKeyAreSeenAsSuch() throws Exception {
        redis.call("RPUSH", "list", "a");
        assertThat(keyspace.look("list").type()).isEqualTo("list");
        assertThat(keyspace.look("list").value()).isNull();
        assertThat(keyspace.look("nothing").type()).isEqualTo("none");
        assertThat(keyspace.look("nothing").ttlMillis()).isEqualTo(-2);
        assertThat(keyspace.present(List.of("list", "nothing"))).containsExactly(true, false);
    }

    @Test
    void onlyKeysOfTheContractAreWalked() throws Exception {
        redis.call("SET", "foreign:1", "x");
        contract.put("{shop:7}:walked:1", "0001-0000000000000001-0000000000000001-0001", "", "{}");
        contract.put("walked:2", "0001-0000000000000001-0000000000000001-0001", "", "{}");
        Set<String> seen = new TreeSet<>();
        keyspace.entries(seen::addAll);
        assertThat(seen).contains("{shop:7}:walked:1", "walked:2").doesNotContain("foreign:1");
    }

    @Test
    void whatWasAskedForMostComesFirst() throws Exception {
        redis.call("ZADD", "tm.asked:c", "8", "c:8", "3", "c:3", "1", "c:1");
        assertThat(keyspace.mostAsked("c", 2)).containsExactly("c:8", "c:3");
    }
}
