package io.tidemark.testkit.redis;

import io.tidemark.testkit.process.Server;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A Redis, however it runs. */
public interface RedisServer extends Server {

    /** What clients must give; null = nothing. */
    @Nullable
    String password();

    /** Opens a connection, authenticated when there is a password; the caller closes it. */
    default RedisConnection connect() throws IOException {
        return RedisConnection.open("127.0.0.1", port(), password());
    }

    /** Without the password: {@code redis://127.0.0.1:16379}. */
    default String url() {
        return "redis://127.0.0.1:" + port();
    }
}
