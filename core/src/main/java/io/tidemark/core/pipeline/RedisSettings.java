package io.tidemark.core.pipeline;

import io.tidemark.core.tls.TlsFiles;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the caches are.
 *
 * @param server the server; null when the file names none, which {@code tidemark up} answers by starting one
 * @param streamLength about how many records the invalidation stream keeps; 0 for no stream
 */
public record RedisSettings(@Nullable Server server, int streamLength) {
    /** As much as the function library keeps when it was told nothing. */
    public static final int DEFAULT_STREAM_LENGTH = 50_000;

    static final int LONGEST_STREAM = 10_000_000;

    /** With an invalidation stream of the default length. */
    public RedisSettings(@Nullable Server server) {
        this(server, DEFAULT_STREAM_LENGTH);
    }

    /**
     * A Redis server, or a Redis Cluster, and how to get in.
     *
     * @param host name or address
     * @param port TCP port
     * @param tls whether the connection is encrypted
     * @param database number of the logical database, 0 unless said otherwise
     * @param user null for the default user
     * @param password null when the server asks for none
     * @param nodes more nodes of the Redis Cluster that this is one of, as {@code host:port}; empty when it is a single Redis
     * @param files whom to trust and who to be where it is encrypted
     */
    public record Server(
            String host,
            int port,
            boolean tls,
            int database,
            @Nullable String user,
            @Nullable Secret password,
            List<String> nodes,
            TlsFiles files) {

        public Server {
            nodes = List.copyOf(nodes);
        }

        /** A single Redis. */
        public Server(
                String host, int port, boolean tls, int database, @Nullable String user, @Nullable Secret password) {
            this(host, port, tls, database, user, password, List.of());
        }

        /** With the platform's authorities. */
        public Server(
                String host,
                int port,
                boolean tls,
                int database,
                @Nullable String user,
                @Nullable Secret password,
                List<String> nodes) {
            this(host, port, tls, database, user, password, nodes, TlsFiles.NONE);
        }

        /** Where it is, as {@code redis://host:port} or {@code rediss://host:port}; without user and password. */
        public String address() {
            String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
            return scheme() + name + ":" + port;
        }

        /** Where it and the other nodes that are named are. */
        public List<String> addresses() {
            return Stream.concat(Stream.of(address()), nodes.stream().map(node -> scheme() + node))
                    .toList();
        }

        /** Whether it is a Redis Cluster. */
        public boolean isCluster() {
            return !nodes.isEmpty();
        }

        private String scheme() {
            return tls ? "rediss://" : "redis://";
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

    /**
     * The server, for a service that keeps its data in a single Redis.
     *
     * @throws InvalidPipelineException when none is named, or it is a Redis Cluster
     */
    public Server requireSingleServer() {
        Server found = requireServer();
        if (found.isCluster()) {
            throw InvalidPipelineException.unusable(
                    "redis.nodes",
                    "expected a single Redis for positions, found a Redis Cluster: give position-service a pipeline file of its own"
                            + " whose redis.url names a Redis without redis.nodes");
        }
        return found;
    }
}
