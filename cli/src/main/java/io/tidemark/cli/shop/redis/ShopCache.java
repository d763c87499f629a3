package io.tidemark.cli.shop.redis;

import io.tidemark.client.ApplicationCache;
import io.tidemark.client.redis.RedisApplicationCache;
import java.time.Duration;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;

/** Opens the cache of the shop's pages, as any Java application would. Thread-safe. */
public final class ShopCache implements AutoCloseable {
    private final RedissonClient redisson;
    private final ApplicationCache cache;

    /**
     * @param redisUrl such as {@code redis://127.0.0.1:16379}; need not be there yet
     * @param user who may fill the shop's pages and read everything else
     */
    public ShopCache(String redisUrl, String user, String password) {
        Config config = new Config();
        config.setThreads(1).setNettyThreads(1).setLazyInitialization(true);
        config.useSingleServer()
                .setAddress(redisUrl)
                .setClientName("demo-shop")
                .setConnectionPoolSize(2)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(1)
                .setSubscriptionConnectionMinimumIdleSize(0)
                .setTimeout(1_000)
                .setRetryAttempts(1)
                .setRetryDelay(new ConstantDelay(Duration.ofMillis(100)));
        config.setUsername(user).setPassword(password);
        this.redisson = Redisson.create(config);
        this.cache = new RedisApplicationCache(redisson);
    }

    public ApplicationCache entries() {
        return cache;
    }

    @Override
    public void close() {
        cache.close();
        redisson.shutdown();
    }
}
