package io.tidemark.ingest.kafka;

import io.tidemark.core.capture.ChangeTopics;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.ingest.stream.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics that are missing, and refuses those that would lose records. */
public final class TopicSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    private static final Duration LEADERS_WITHIN = Duration.ofSeconds(20);
    private static final long LOOKED_AGAIN_AFTER_MILLIS = 50;
    private static final String CLEANUP = ChangeTopics.CLEANUP_POLICY;
    /** Small segments, as only closed ones are compacted and all of it is read at start. */
    private static final Map<String, String> OF_FEW_KEYS = Map.of(
            CLEANUP,
            "compact",
            "segment.bytes",
            Integer.toString(4 * 1024 * 1024),
            "segment.ms",
            Long.toString(3600 * 1000),
            "min.cleanable.dirty.ratio",
            "0.1");

    private final KafkaClients clients;
    private final Topics names;

    public TopicSetup(KafkaClients clients) {
        this.clients = clients;
        this.names = clients.settings().topics();
    }

    /**
     * Makes or checks the topics of these tables and our own.
     *
     * @param mostBytes the largest record that will be published
     * @throws ConfigurationException when a topic is set up to lose records
     * @throws KafkaException when Kafka cannot be asked
     */
    public void prepare(Collection<TableId> tables, int mostBytes) {
        Map<String, NewTopic> wanted = new HashMap<>();
        tables.forEach(table -> wanted.put(names.of(table), changes(names.of(table))));
        for (String own : List.of(names.offsets(), names.state(), names.progress())) {
            wanted.put(own, topic(own, 1, OF_FEW_KEYS));
        }
        try (Admin admin = clients.admin()) {
            Set<String> existing = get(admin.listTopics().names());
            List<NewTopic> missing = wanted.values().stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .toList();
            create(admin, missing);
            check(admin, wanted.keySet().stream().filter(existing::contains).toList(), tables, mostBytes);
        }
    }

    private NewTopic changes(String name) {
        return topic(name, clients.settings().partitions(), ChangeTopics.SETTINGS);
    }

    private NewTopic topic(String name, int partitions, Map<String, String> config) {
        return new NewTopic(name, partitions, (short) clients.settings().replication()).configs(config);
    }

    private static void create(Admin admin, List<NewTopic> topics) {
        if (topics.isEmpty()) {
            return;
        }
        admin.createTopics(topics).values().forEach((name, made) -> {
            try {
                get(made);
                LOG.info("made topic {}", name);
            } catch (TopicExistsException madeByAnother) {
                LOG.info("topic {} was made by another ingest-service just now", name);
            }
        });
        awaitLeaders(admin, topics.stream().map(NewTopic::name).toList());
    }

    /**
     * Waits until the leader of each new partition answers for it. Until then it refuses what is written, and of two batches that are
     * under way the second could be taken after the first was refused: the first would then be refused until it expires
     * (KAFKA-15591), and the stream stand still for a minute.
     */
    private static void awaitLeaders(Admin admin, Collection<String> topics) {
        long deadline = System.nanoTime() + LEADERS_WITHIN.toNanos();
        while (true) {
            try {
                Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
                get(admin.describeTopics(topics).allTopicNames()).forEach((name, topic) -> topic.partitions()
                        .forEach(one -> ends.put(new TopicPartition(name, one.partition()), OffsetSpec.latest())));
                get(admin.listOffsets(ends).all());
                return;
            } catch (RetriableException notYet) {
                if (System.nanoTime() - deadline > 0) {
                    throw notYet;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOKED_AGAIN_AFTER_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for the leaders of topics", interrupted);
        }
    }

    private void check(Admin admin, Collection<String> topics, Collection<TableId> tables, int mostBytes) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Set<String> ofChanges =
                Set.copyOf(tables.stream().map(names::of).distinct().toList());
        List<String> problems = new ArrayList<>();
        get(admin.describeConfigs(resources).all()).forEach((resource, config) -> {
            String topic = resource.name();
            expect(
                    problems,
                    topic,
                    config,
                    CLEANUP,
                    "compact",
                    value(config, CLEANUP).equals("compact"));
            if (ofChanges.contains(topic)) {
                String most = value(config, ChangeTopics.MOST_BYTES);
                boolean enough = Long.parseLong(most) >= mostBytes;
                expect(
                        problems,
                        topic,
                        config,
                        ChangeTopics.MOST_BYTES,
                        Integer.toString(ChangeTopics.MOST_RECORD_BYTES),
                        enough);
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private void expect(
            List<String> problems, String topic, Config config, String name, String wanted, boolean satisfied) {
        if (!satisfied) {
            problems.add("topic " + topic + ": expected " + name + "=" + wanted + ", found " + value(config, name)
                    + ", with which records are lost; set it with: kafka-configs.sh --bootstrap-server "
                    + clients.bootstrap() + " --alter --entity-type topics --entity-name " + topic + " --add-config "
                    + name + "=" + wanted);
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new KafkaException(failed.getCause());
        }
    }
}
