package io.tidemark.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.PositionLayerContract;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisServer;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

class RedisLayerIT extends PositionLayerContract {
    private final List<RedissonClient> clients = new ArrayList<>();

    @BeforeEach
    void empty() throws IOException {
        call("FLUSHALL");
    }

    @AfterEach
    void close() {
        clients.forEach(RedissonClient::shutdown);
    }

    @Override
    protected RedisLayer open() {
        RedisServer server = SharedServers.redis();
        clients.add(RedisClients.lazily(new RedisSettings.Server("127.0.0.1", server.port(), false, 0, null, null)));
        return new RedisLayer(clients.get(clients.size() - 1));
    }

    @Test
    void anEmptiedRedisIsAnotherIncarnation() throws IOException {
        RedisLayer layer = open();
        String before = layer.incarnation();
        assertThat(layer.incarnation()).isEqualTo(before);
        assertThat(open().incarnation()).isEqualTo(before);
        call("FLUSHALL");
        assertThat(layer.incarnation()).isNotEqualTo(before);
    }

    @Test
    void aRedisThatLostItsFunctionsGetsThemAgain() throws IOException {
        PositionLayer layer = open();
        write(layer, at(9070, 181601));
        call("FUNCTION", "FLUSH");
        write(layer, at(9071, 181621));
        assertThat(page(layer)).isEqualTo(9071);
    }

    @Test
    void whatIsNoPositionCountsAsMissingAndGivesWay() throws IOException {
        call("SET", "tm:position:{NATUR}", "1");
        call("HSET", "tm:position:{PURNA}", "page", "one");
        PositionLayer layer = open();
        assertThat(layer.read(List.of(NATUR, PURNA))).isEmpty();
        write(layer, at(9070, 181601));
        assertThat(page(layer)).isEqualTo(9070);
    }

    @Test
    void aPositionSetBackByHandIsSeenAndCanBeRestored() throws IOException {
        PositionLayer layer = open();
        write(layer, at(9070, 181601));
        call("HSET", "tm:position:{NATUR}", "page", "1", "first_id", "1", "last_id", "20");
        assertThat(page(layer)).isEqualTo(1);
        write(layer, at(9070, 181601));
        assertThat(page(layer)).isEqualTo(9070);
    }

    @Test
    void anyProgramReadsThePageWithPlainCommands() throws IOException {
        write(open(), at(9070, 181601));
        assertThat(call("HGET", "tm:position:{NATUR}", "page")).isEqualTo("9070");
        assertThat(call("HGET", "tm:position:{NATUR}", "last_id")).isEqualTo("181601");
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection redis = SharedServers.redis().connect()) {
            return redis.call(command);
        }
    }
}
