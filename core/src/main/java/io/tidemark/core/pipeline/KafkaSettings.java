package io.tidemark.core.pipeline;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where changes travel.
 *
 * @param bootstrap brokers as host:port, comma-separated; null when the file names none, which {@code tidemark up}
 *     answers by starting one
 * @param prefix what every topic's name begins with
 * @param partitions how many partitions a table's topic is made with
 * @param replication how many brokers hold each partition
 * @param properties further settings for every Kafka client, such as {@code security.protocol}; may hold secrets
 */
public record KafkaSettings(
        @Nullable String bootstrap, String prefix, int partitions, int replication, Map<String, Secret> properties) {

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /**
     * The brokers, for a service that cannot do without.
     *
     * @throws InvalidPipelineException when none is named, with what to set
     */
    public String requireBootstrap() {
        if (bootstrap == null) {
            throw InvalidPipelineException.unset("kafka.bootstrap", "one or more brokers like kafka:9092");
        }
        return bootstrap;
    }

    /** The names of everything on Kafka. */
    public Topics topics() {
        return new Topics(prefix);
    }
}
