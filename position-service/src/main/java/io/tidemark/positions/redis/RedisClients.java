package io.tidemark.positions.redis;

import io.tidemark.core.pipeline.RedisSettings;
import javax.net.ssl.KeyManagerFactory;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/** Makes the client for Redis with the pipeline's settings. */
final class RedisClients {
    private static final int ANSWER_WITHIN_MILLIS = 1_500;
    private static final int CONNECT_WITHIN_MILLIS = 2_000;
    private static final int CONNECTIONS = 16;

    private RedisClients() {}

    /** A client that connects when first asked, so that a Redis that is down does not keep the service from starting. */
    static RedissonClient lazily(RedisSettings.Server server) {
        Config config = new Config();
        config.setLazyInitialization(true);
        config.setCodec(StringCodec.INSTANCE);
        config.setThreads(2);
        config.setNettyThreads(2);
        if (server.user() != null) {
            config.setUsername(server.user());
        }
        if (server.password() != null) {
            config.setPassword(server.password().reveal());
        }
        if (server.tls()) {
            config.setSslTrustManagerFactory(server.files().trust());
            KeyManagerFactory keys = server.files().keys();
            if (keys != null) {
                config.setSslKeyManagerFactory(keys);
            }
        }
        SingleServerConfig single = config.useSingleServer();
        single.setAddress(server.address())
                .setDatabase(server.database())
                .setTimeout(ANSWER_WITHIN_MILLIS)
                .setConnectTimeout(CONNECT_WITHIN_MILLIS)
                .setRetryAttempts(1)
                .setConnectionPoolSize(CONNECTIONS)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionMinimumIdleSize(0);
        return Redisson.create(config);
    }
}
