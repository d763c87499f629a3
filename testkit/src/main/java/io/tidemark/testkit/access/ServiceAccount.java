package io.tidemark.testkit.access;

import java.util.Locale;

/** Who comes to the servers: each service by itself, and applications. */
public enum ServiceAccount {
    INGEST,
    CACHE_WRITER,
    RECONCILER,
    POSITIONS,
    APPLICATION;

    /** The role that {@link AccessScript#POSTGRES} makes for it; applications have their own already. */
    public String role() {
        return "tidemark_" + name().toLowerCase(Locale.ROOT);
    }

    /** The service as {@link AccessScript#KAFKA} calls it. */
    public String service() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its user on Kafka and Redis; ingest-service does not come to Redis, applications not to Kafka. */
    public String userName() {
        return "tidemark-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
