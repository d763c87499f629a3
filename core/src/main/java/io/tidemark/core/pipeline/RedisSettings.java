package io.tidemark.core.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Where the caches are.
 *
 * @param server the server; null when the file names none, which {@code tidemark up} answers by starting one
 */
public record RedisSettings(@Nullable Server server) {

    /**
     * A Redis server and how to get in.
     *
     * @param host name or address
     * @param port TCP port
     * @param tls whether the connection is encrypted
     * @param database number of the logical database, 0 unless said otherwise
     * @param user null for the default user
     * @param password null when the server asks for none
     */
    public record Server(
            String host,
            int port,
            boolean tls,
            int database,
            @Nullable String user,
            @Nullable Secret password) {

        /** Where it is, as {@code redis://host:port} or {@code rediss://host:port}; without user and password. */
        public String address() {
            String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
            return (tls ? "rediss://" : "redis://") + name + ":" + port;
        }
    }

    /**
     * The server, for a service that cannot do without.
     *
     * @throws InvalidPipelineException when none is named, with what to set
     */
    public Server requireServer() {
        if (server == null) {
            throw InvalidPipelineException.unset("redis.url", "a Redis URL like redis://host:6379");
        }
        return server;
    }
}
