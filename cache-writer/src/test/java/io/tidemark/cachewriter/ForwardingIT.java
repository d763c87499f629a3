package io.tidemark.cachewriter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.promise.NoLostChange;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What has become stale, on Kafka, through the service. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForwardingIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RULES = """
            tables:
              public.item:
                invalidates:
                  - tags: ["name:{name}"]
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;
    private static String topic;
    private static KafkaConsumer<byte[], byte[]> consumer;
    private final List<JsonNode> seen = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(directory.resolve("writer"), redis, RULES).start();
        topic = stack.prefix + ".invalidations";
        consumer = new KafkaConsumer<>(client(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(topic, 0)));
        consumer.seekToBeginning(consumer.assignment());
    }

    @AfterAll
    static void stop() {
        consumer.close();
        stack.close();
        redis.kill();
    }

    @Test
    @Order(1)
    void everyKindOfInvalidationIsOnTheTopicInItsOrder() throws Exception {
        awaitSeen("the beginning", node -> kind(node).equals("reset"));
        stack.send(1, stack.changes.row("c", 1, "tea"));
        stack.awaitApplied();
        JsonNode put = awaitSeen("the put", node -> names(node).contains(stack.entry(1)));
        assertThat(kind(put)).isEqualTo("keys");
        assertThat(put.path("version").asText()).hasSize(43);
        assertThat(put.path("committedAtMicros").asLong())
                .isCloseTo(System.currentTimeMillis() * 1_000, org.assertj.core.data.Offset.offset(60_000_000L));
        assertThat(put.path("id").asText()).matches("\\d+-\\d+");
        JsonNode tag = awaitSeen("the tag of the row", node -> names(node).contains("name:tea"));
        assertThat(kind(tag)).isEqualTo("tags");
        call("FCALL", "tm_invalidate", "2", "dashboard:7", "tm:{dashboard:7}");
        call("FCALL", "tm_bump", "1", Tag.BUMPS, "sale/10%", "\"quoted\"");
        awaitSeen("a key", node -> kind(node).equals("keys") && names(node).equals(List.of("dashboard:7")));
        awaitSeen("tags", node -> kind(node).equals("tags") && names(node).equals(List.of("sale/10%", "\"quoted\"")));
        List<?> inRedis = (List<?>) call("XRANGE", Tag.STREAM, "-", "+");
        assertThat(seen.stream().map(node -> node.path("id").asText()).toList())
                .isEqualTo(inRedis.stream()
                        .map(record -> (String) ((List<?>) record).get(0))
                        .toList());
        assertThat(seen.toString()).doesNotContain("1.50");
        assertThat(forwarded()).isEqualTo(seen.size());
    }

    @Test
    @Order(2)
    void topicDeletesByAgeAndHasOnePartition() throws Exception {
        try (Admin admin = Admin.create(client())) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
            assertThat(config.get("retention.ms").value()).isEqualTo("86400000");
            assertThat(admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions())
                    .hasSize(1);
        }
    }

    /** One of two writers is killed while tags are bumped all the time; everything comes at least once, the first times in order. */
    @Test
    @Order(3)
    void nothingIsLostWhenTheOneThatForwardsIsKilled() throws Exception {
        NoLostChange promise = new NoLostChange();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong bumped = new AtomicLong();
        AtomicReference<Exception> problem = new AtomicReference<>();
        Thread bumper = new Thread(() -> {
            try {
                while (!done.get()) {
                    call("FCALL", "tm_bump", "1", Tag.BUMPS, "n:" + (bumped.get() + 1));
                    promise.committed("n", bumped.incrementAndGet());
                    Thread.sleep(1);
                }
            } catch (IOException | InterruptedException failure) {
                problem.set(failure);
            }
        });
        bumper.start();
        try (ServiceProcess second = stack.another(directory.resolve("second"))) {
            second.start();
            stack.writer.kill();
            long before = bumped.get();
            awaitSeen("the second forwards", node -> number(node) > before);
            done.set(true);
            bumper.join();
            assertThat(problem.get()).isNull();
            awaitSeen("the last", node -> number(node) == bumped.get());
        }
        long newest = 0;
        for (JsonNode node : seen) {
            long number = number(node);
            if (number > 0) {
                promise.arrived("n", number);
                assertThat(number).as("in order but for what comes again").isLessThanOrEqualTo(newest + 1);
                newest = Math.max(newest, number);
            }
        }
        promise.requireKept();
        assertThat(seen).noneMatch(node -> kind(node).equals("reset"));
    }

    @Test
    @Order(4)
    void whatWasCutOffWhileNobodyForwardedIsAReset() throws Exception {
        call("FCALL", "tm_bump", "1", Tag.BUMPS, "lost");
        call("XTRIM", Tag.STREAM, "MAXLEN", "0");
        stack.writer.start();
        awaitSeen("a reset", node -> kind(node).equals("reset"));
        call("FCALL", "tm_bump", "1", Tag.BUMPS, "after");
        awaitSeen("what comes after it", node -> names(node).contains("after"));
        call("FLUSHALL");
        seen.clear();
        awaitSeen("a reset", node -> kind(node).equals("reset"));
    }

    private JsonNode awaitSeen(String what, java.util.function.Predicate<JsonNode> wanted) {
        int[] from = {0};
        JsonNode[] found = {null};
        Await.until(what + " is on the topic", WriterStack.SOON).holds(() -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                seen.add(JSON.readTree(new String(record.value(), UTF_8)));
            }
            for (; from[0] < seen.size() && found[0] == null; from[0]++) {
                found[0] = wanted.test(seen.get(from[0])) ? seen.get(from[0]) : null;
            }
            return found[0] != null;
        });
        return found[0];
    }

    private static String kind(JsonNode node) {
        return node.path("kind").asText();
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.path("names").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static long number(JsonNode node) {
        List<String> names = names(node);
        return names.size() == 1 && names.get(0).startsWith("n:")
                ? Long.parseLong(names.get(0).substring(2))
                : -1;
    }

    private static long forwarded() throws Exception {
        java.util.regex.Matcher found = java.util.regex.Pattern.compile(
                        "tidemark_invalidations_forwarded_total ([\\d.]+)")
                .matcher(stack.writer.get("/prometheus").body());
        assertThat(found.find()).isTrue();
        return (long) Double.parseDouble(found.group(1));
    }

    private static Properties client() {
        Properties client = new Properties();
        client.putAll(Map.of("bootstrap.servers", stack.kafka.bootstrap(), "enable.auto.commit", "false"));
        return client;
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
