package io.tidemark.reconciler.redis;

import io.tidemark.core.pipeline.RedisSettings;
import javax.net.ssl.KeyManagerFactory;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;

/** Connects to Redis. */
final class RedisConnection {
    private static final int CONNECTIONS = 4;

    private RedisConnection() {}

    /**
     * A client, connected.
     *
     * @throws org.redisson.client.RedisException when the server does not answer or refuses
     */
    static RedissonClient connect(RedisSettings.Server server) {
        Config config = new Config().setThreads(2).setNettyThreads(2);
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
        if (server.isCluster()) {
            config.useClusterServers()
                    .addNodeAddress(server.addresses().toArray(String[]::new))
                    .setReadMode(ReadMode.MASTER)
                    .setMasterConnectionPoolSize(CONNECTIONS)
                    .setMasterConnectionMinimumIdleSize(1)
                    .setSubscriptionConnectionPoolSize(1)
                    .setSubscriptionConnectionMinimumIdleSize(0);
            return Redisson.create(config);
        }
        config.useSingleServer()
                .setAddress(server.address())
                .setDatabase(server.database())
                .setConnectionPoolSize(CONNECTIONS)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(1)
                .setSubscriptionConnectionMinimumIdleSize(0);
        return Redisson.create(config);
    }
}
