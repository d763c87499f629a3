package io.tidemark.testkit.kafka;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an embedded Kafka runs.
 *
 * @param directory holds its data, its configuration and its log; made when absent
 * @param port on the loopback address; 0 = any free one
 * @param advertisedPort the port clients are told to use, such as that of a proxy; 0 = the port itself
 * @param heapMegabytes the broker's heap
 * @param compiledOnce whether its code is compiled quickly and never again, as suits a broker that lives for seconds
 * @param properties more broker properties, over the defaults
 */
public record KafkaSettings(
        Path directory,
        int port,
        int advertisedPort,
        int heapMegabytes,
        boolean compiledOnce,
        Map<String, String> properties) {

    public KafkaSettings {
        directory = directory.toAbsolutePath().normalize();
        properties = Map.copyOf(properties);
    }

    /** Any free port, 384 MiB of heap. */
    public static KafkaSettings in(Path directory) {
        return new KafkaSettings(directory, 0, 0, 384, false, Map.of());
    }

    public KafkaSettings withPort(int newPort) {
        return new KafkaSettings(directory, newPort, advertisedPort, heapMegabytes, compiledOnce, properties);
    }

    public KafkaSettings withAdvertisedPort(int newPort) {
        return new KafkaSettings(directory, port, newPort, heapMegabytes, compiledOnce, properties);
    }

    public KafkaSettings withHeapMegabytes(int megabytes) {
        return new KafkaSettings(directory, port, advertisedPort, megabytes, compiledOnce, properties);
    }

    /** The same, for a broker that lives for seconds. */
    public KafkaSettings shortLived() {
        return new KafkaSettings(directory, port, advertisedPort, heapMegabytes, true, properties);
    }

    /** In a value {@code <port>} and {@code <controller>} stand for the ports that are chosen. */
    public KafkaSettings with(String property, String value) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(property, value);
        return new KafkaSettings(directory, port, advertisedPort, heapMegabytes, compiledOnce, more);
    }

    /** Every broker property. */
    Map<String, String> allProperties(int chosenPort, int controllerPort) {
        int told = advertisedPort == 0 ? chosenPort : advertisedPort;
        Map<String, String> all = new LinkedHashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("listeners", "PLAINTEXT://127.0.0.1:" + chosenPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + told);
        all.put("log.dirs", directory.resolve("data").toString());
        all.put("auto.create.topics.enable", "false");
        all.put("offsets.topic.num.partitions", "4");
        all.put("offsets.topic.replication.factor", "1");
        all.put("transaction.state.log.num.partitions", "1");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("share.coordinator.state.topic.num.partitions", "1");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("message.max.bytes", Integer.toString(96 << 20));
        all.put("replica.fetch.max.bytes", Integer.toString(96 << 20));
        all.put("socket.request.max.bytes", Integer.toString(128 << 20));
        all.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "4");
        all.put("background.threads", "2");
        // The same node comes back: its old registration must not keep it waiting for long after a kill.
        all.put("broker.heartbeat.interval.ms", "500");
        all.put("broker.session.timeout.ms", "6000");
        all.putAll(properties);
        all.replaceAll((name, value) -> value.replace("<port>", Integer.toString(chosenPort))
                .replace("<controller>", Integer.toString(controllerPort)));
        return all;
    }
}
