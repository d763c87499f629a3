package io.tidemark.cachewriter.redis;

import io.tidemark.core.pipeline.RedisSettings;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.ReadMode;

/** Opens Redisson as the writer needs it: few connections, short waits, and no need of Redis at the start. */
final class RedisConnections {
    /** One of them waits at the invalidation stream most of the time. */
    private static final int CONNECTIONS = 5;

    private static final String CLIENT_NAME = "tidemark-cache-writer";

    private RedisConnections() {}

    /** A client that connects when it is first used; the caller shuts it down. */
    public static RedissonClient open(RedisSettings.Server server) {
        Config config = new Config();
        config.setThreads(2).setNettyThreads(2).setLazyInitialization(true);
        config.setCodec(RawCodec.INSTANCE).setReferenceEnabled(false);
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
                    .setScanInterval(1_000)
                    .setClientName(CLIENT_NAME)
                    .setMasterConnectionPoolSize(CONNECTIONS)
                    .setMasterConnectionMinimumIdleSize(1)
                    .setSubscriptionConnectionPoolSize(1)
                    .setSubscriptionConnectionMinimumIdleSize(0)
                    .setConnectTimeout(2_000)
                    .setTimeout(3_000)
                    .setRetryAttempts(3)
                    .setRetryDelay(new ConstantDelay(Duration.ofMillis(200)))
                    .setPingConnectionInterval(1_000);
            return Redisson.create(config);
        }
        config.useSingleServer()
                .setAddress(server.address())
                .setDatabase(server.database())
                .setClientName(CLIENT_NAME)
                .setConnectionPoolSize(CONNECTIONS)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(1)
                .setSubscriptionConnectionMinimumIdleSize(0)
                .setConnectTimeout(2_000)
                .setTimeout(3_000)
                .setRetryAttempts(1)
                .setRetryDelay(new ConstantDelay(Duration.ofMillis(200)))
                .setPingConnectionInterval(1_000)
                .setDnsMonitoringInterval(5_000);
        return Redisson.create(config);
    }
}
