package io.tidemark.systemtests.product;

import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.util.List;

/** A connection to each master of Redis, of which there is one unless it is a cluster. */
public record Masters(List<RedisConnection> all) implements AutoCloseable {

    public Masters {
        all = List.copyOf(all);
    }

    public RedisConnection get(int i) {
        return all.get(i);
    }

    @Override
    public void close() throws IOException {
        for (RedisConnection each : all) {
            each.close();
        }
    }
}
