package io.tidemark.testkit.kafka;

import io.tidemark.testkit.process.Server;

/** A Kafka of one broker, however it runs. */
public interface KafkaServer extends Server {

    /** Host and port for clients' {@code bootstrap.servers}. */
    default String bootstrap() {
        return "127.0.0.1:" + port();
    }
}
