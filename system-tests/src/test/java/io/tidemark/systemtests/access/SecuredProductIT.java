package io.tidemark.systemtests.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.KafkaAccess;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.service.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Everything works with the least rights over encrypted connections; each right is needed; no output shows a secret or a row. */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredProductIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PERSON = "Canaria Finchley-Oxenholme";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path directory;

    private static SecuredProduct product;

    @BeforeAll
    static void start() throws Exception {
        product = new SecuredProduct(directory);
        product.startServers();
        product.sql("insert into person select i, '" + PERSON + " ' || i from generate_series(1, 200) i");
        product.startServices();
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @Test
    @Order(1)
    void everyChangeArrivesAndNothingDiffers() throws Exception {
        product.sql(
                "update person set name = name || '!' where id % 2 = 0",
                "delete from person where id % 10 = 0", "insert into person values (1000, '" + PERSON + "')");
        awaitEntry(1000, true);
        JsonNode result = verified();
        assertThat(result.path("person").path("consistent").asInt())
                .as(result.toString())
                .isEqualTo(181);
        for (String wrong : List.of("stale", "missing", "orphaned")) {
            assertThat(result.path("person").path(wrong).asInt())
                    .as(result.toString())
                    .isZero();
        }
    }

    @Test
    @Order(2)
    void everyConnectionToPostgresIsEncryptedAndOfARoleOfItsOwn() throws Exception {
        try (Connection connection = product.postgres.connect();
                ResultSet row = connection.createStatement().executeQuery("""
                        select count(*) filter (where not s.ssl), count(distinct a.usename)
                        from pg_stat_ssl s join pg_stat_activity a using (pid)
                        where a.usename like 'tidemark\\_%'""")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
            assertThat(row.getInt(2)).isGreaterThanOrEqualTo(3);
        }
    }

    /** The command as a person runs it: a token in a file of one's own, and who issued the services' certificate. */
    @Test
    @Order(2)
    void theCommandTrustsTheAuthorityThatItIsToldAndNoOther() throws Exception {
        Path token = Files.createFile(
                directory.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "canary-secret-token-of-admins-77aa");
        String url = product.running(ServiceAccount.RECONCILER).url();
        String trusted = product.authority.file().toString();

        SecuredCommand verify = new SecuredCommand(directory, "verify", "--reconciler-url", url);
        assertThat(verify.run(0, "--token-file", token.toString(), "--cacert", trusted))
                .contains("Every entry equals the database");
        assertThat(verify.run(5, "--token-file", token.toString()))
                .contains("is of an issuer that is not trusted, Authority of the test");
        assertThat(verify.run(2, "--token-file", token.toString(), "--cacert", token.toString()))
                .contains(token.toString())
                .doesNotContain("canary");

        assertThat(verify.run(2, "--cacert", trusted)).contains("reconciler asks for a token", "--token-file");
        Files.writeString(token, "canary-of-another-service-0123456789");
        assertThat(verify.run(2, "--token-file", token.toString(), "--cacert", trusted))
                .contains("reconciler does not know the token")
                .doesNotContain("canary");

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(verify.run(2, "--token-file", token.toString(), "--cacert", trusted))
                .contains("to be readable by its owner only", "chmod 600")
                .doesNotContain("canary");
        Files.delete(token);
    }

    @Test
    @Order(3)
    void noOutputShowsASecretOrARowAndAPlantedOneIsSeen() throws Exception {
        List<String> texts = new ArrayList<>(product.passwords.values());
        texts.add(PERSON);
        texts.add("canary-secret-token-of-admins");
        Canaries canaries = new Canaries(texts);
        poison();

        List<String> found = new ArrayList<>();
        for (Map.Entry<ServiceAccount, ServiceProcess> service : product.services.entrySet()) {
            for (String path : List.of(
                    "/health",
                    "/prometheus",
                    "/api/progress",
                    "/api/freshness",
                    "/api/consistency",
                    "/api/queries",
                    "/api/lag",
                    "/api/cache/stats",
                    "/api/cache/jobs",
                    "/scheduler/status",
                    "/env",
                    "/nothing-here",
                    "/api/cache/explain/person:1",
                    "/api/verify/none")) {
                found.addAll(canaries.in(
                        service.getKey() + " " + path,
                        service.getValue().get(path).body()));
            }
        }
        found.addAll(canaries.below(product.logs()));
        assertThat(found).isEmpty();

        Path planted = Files.writeString(product.logs().resolve("planted.log"), "WARN row {name=" + PERSON + " 7}\n");
        assertThat(canaries.below(product.logs())).hasSize(1);
        Files.delete(planted);
    }

    @Test
    @Order(4)
    void withoutTheRightToReadItsTopicsCacheWriterStandsStillAndGoesOnWithIt() throws Exception {
        List<AclBinding> taken = KafkaAccess.bindings(SecuredProduct.PREFIX).stream()
                .filter(binding -> binding.entry().principal().endsWith("cache-writer")
                        && binding.pattern().resourceType() == ResourceType.TOPIC
                        && binding.entry().operation() == AclOperation.READ)
                .toList();
        try (Admin admin = product.admin()) {
            long before = logOf(ServiceAccount.CACHE_WRITER).length();
            admin.deleteAcls(taken.stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get();
            try {
                // Until the broker has taken it, a change still comes through.
                awaitReadinessOfTheWriter(body -> body.contains("does not let this service read"));
                product.sql("insert into person values (2000, '" + PERSON + "')");
                awaitTriesOfTheWriter(4);
                assertThat(entry(2000)).isNull();
                assertThat(logOf(ServiceAccount.CACHE_WRITER)
                                .substring((int) before)
                                .lines()
                                .filter(line -> line.contains("READ and DESCRIBE")))
                        .hasSizeBetween(1, 3);
            } finally {
                admin.createAcls(taken).all().get();
            }
        }
        awaitEntry(2000, true);
        awaitReadinessOfTheWriter(body -> !body.contains("does not let this service read"));
    }

    @Test
    @Order(5)
    void withoutItsFunctionsOrItsKeysCacheWriterWritesNothingAndGoesOnWithThem() throws Exception {
        for (String[] right :
                new String[][] {{"-fcall", "+fcall"}, {"resetkeys", "~tm:*", "~tm.*", "~person:*", "~page:*"}}) {
            redis("ACL", "LOG", "RESET");
            redis("ACL", "SETUSER", "tidemark-cache-writer", right[0]);
            int id = 3000 + right.length;
            product.sql("insert into person values (" + id + ", '" + PERSON + "')");
            Await.until("Redis refuses cache-writer", LIMIT)
                    .sees(() -> String.valueOf(call("ACL", "LOG")), log -> log.contains("tidemark-cache-writer"));
            assertThat(entry(id)).isNull();
            for (int i = 1; i < right.length; i++) {
                redis("ACL", "SETUSER", "tidemark-cache-writer", right[i]);
            }
            awaitEntry(id, true);
        }
    }

    @Test
    @Order(6)
    void withoutTheRightToReadTheTableNothingCanBeCompared() throws Exception {
        product.sql("revoke select on person from tidemark_reconciler");
        assertThat(run().path("state").asText()).isEqualTo("failed");
        product.sql("grant select on person to tidemark_reconciler");
        assertThat(verified().path("person").path("consistent").asInt()).isPositive();
    }

    @Test
    @Order(7)
    void anExpiredCertificateOfRedisIsSaidWithItsNameAndItsEndAndNothingIsWritten() throws Exception {
        redis(
                "CONFIG",
                "SET",
                "tls-cert-file",
                product.expired.certificate().toString(),
                "tls-key-file",
                product.expired.key().toString());
        ServiceProcess writer = product.running(ServiceAccount.CACHE_WRITER);
        writer.kill();
        writer.launch();
        awaitInLog(ServiceAccount.CACHE_WRITER, 0, "the certificate of servers-of-old expired on");
        redis(
                "CONFIG",
                "SET",
                "tls-cert-file",
                product.good.certificate().toString(),
                "tls-key-file",
                product.good.key().toString());
        writer.awaitReady(Duration.ofSeconds(120));
    }

    /** A record that cannot be read, with a person in it: it is told of as a dead letter, without what it says. */
    private static void poison() throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", product.kafka.bootstrap());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(
                            SecuredProduct.PREFIX + ".public.person", "{\"id\":5}", "{\"broken\": \"" + PERSON))
                    .get();
        }
        Await.until("the dead letter is counted", LIMIT)
                .sees(
                        () -> JSON.readTree(product.running(ServiceAccount.CACHE_WRITER)
                                        .get("/api/progress")
                                        .body())
                                .path("deadLetters")
                                .asInt(),
                        letters -> letters > 0);
    }

    private static JsonNode verified() throws Exception {
        JsonNode run = run();
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("done");
        return run.path("result");
    }

    private static JsonNode run() throws Exception {
        ServiceProcess reconciler = product.running(ServiceAccount.RECONCILER);
        String id =
                JSON.readTree(reconciler.post("/api/verify").body()).path("id").asText();
        return Await.until("the comparison has ended", LIMIT)
                .sees(
                        () -> JSON.readTree(reconciler.get("/api/verify/" + id).body()),
                        run -> run.path("state").asText().matches("done|failed"));
    }

    private static void awaitEntry(int id, boolean there) {
        Await.until("person:" + id, LIMIT).sees(() -> entry(id) != null, is -> is == there);
    }

    private static void awaitReadinessOfTheWriter(Predicate<String> is) {
        ServiceProcess writer = product.running(ServiceAccount.CACHE_WRITER);
        Await.until("readiness of cache-writer", LIMIT)
                .sees(() -> writer.get("/health/readiness").body(), is);
    }

    /** Waits until the writer has polled so many times after pauses. */
    private static void awaitTriesOfTheWriter(int times) {
        ServiceProcess writer = product.running(ServiceAccount.CACHE_WRITER);
        AtomicInteger tries = new AtomicInteger();
        AtomicLong before = new AtomicLong();
        Await.until("cache-writer has tried again " + times + " times", LIMIT).holds(() -> {
            long ago = JSON.readTree(writer.get("/health/liveness").body())
                    .findPath("lastPollMillisAgo")
                    .asLong();
            return (ago < before.getAndSet(ago) ? tries.incrementAndGet() : tries.get()) >= times;
        });
    }

    private static @Nullable Object entry(int id) throws Exception {
        return call("GET", "person:" + id);
    }

    private static void redis(String... command) throws Exception {
        assertThat(String.valueOf(call(command))).isEqualTo("OK");
    }

    private static @Nullable Object call(String... command) throws Exception {
        try (RedisConnection connection = product.redis.connect()) {
            return connection.call(command);
        }
    }

    /** @param from how much of the log was there before */
    private static void awaitInLog(ServiceAccount account, long from, String... anyOf) {
        Await.until(List.of(anyOf) + " in the log of " + account, LIMIT).holds(() -> {
            String log = logOf(account).substring((int) from);
            return List.of(anyOf).stream().anyMatch(log::contains);
        });
    }

    private static String logOf(ServiceAccount account) throws Exception {
        Path folder = product.logs().resolve(account.service());
        return Files.readString(folder.resolve(account.service() + ".log"));
    }
}
