package io.tidemark.testkit.containers;

import io.tidemark.testkit.kafka.KafkaServer;
import io.tidemark.testkit.process.Ports;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.containers.GenericContainer;

/** Kafka in a container: the project's own image, one node, with the settings of the embedded one that matter. Thread-safe. */
public final class ContainerKafka extends ContainerServer implements KafkaServer {

    public ContainerKafka() {
        this(Ports.anyFree());
    }

    private ContainerKafka(int port) {
        super(container(port), port);
    }

    private static GenericContainer<?> container(int port) {
        return PublishedContainer.of(PublishedContainer.image("TIDEMARK_KAFKA_IMAGE", "apache/kafka:4.3.1"), port, port)
                .withEnv(Map.ofEntries(
                        Map.entry("KAFKA_NODE_ID", "1"),
                        Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
                        Map.entry("KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:" + port + ",CONTROLLER://localhost:9093"),
                        Map.entry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://127.0.0.1:" + port),
                        Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
                        Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
                        Map.entry("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                        Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"),
                        Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
                        Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4"),
                        Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
                        Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
                        Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
                        Map.entry("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(96 << 20)),
                        Map.entry("KAFKA_SOCKET_REQUEST_MAX_BYTES", Integer.toString(128 << 20))));
    }

    @Override
    void ask() throws Exception {
        // An open port says nothing: Docker's own proxy accepts connections before the broker does.
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrap(), "request.timeout.ms", 3_000, "default.api.timeout.ms", 3_000))) {
            admin.describeCluster().nodes().get(5, TimeUnit.SECONDS);
        }
    }
}
