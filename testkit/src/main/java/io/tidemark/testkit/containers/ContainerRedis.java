package io.tidemark.testkit.containers;

import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Redis in a container, with an append-only file. Thread-safe. */
public final class ContainerRedis extends ContainerServer implements RedisServer {

    private static final int PORT = 6379;

    public ContainerRedis() {
        this(Ports.anyFree());
    }

    private ContainerRedis(int port) {
        super(
                PublishedContainer.of(PublishedContainer.image("TIDEMARK_REDIS_IMAGE", "redis:7.2"), PORT, port)
                        .withCommand("redis-server", "--appendonly", "yes", "--save", ""),
                port);
    }

    @Override
    void ask() throws IOException {
        try (RedisConnection connection = connect()) {
            connection.call("PING");
        }
    }

    @Override
    public @Nullable String password() {
        return null;
    }
}
