package io.tidemark.systemtests.access;

import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaAccess;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.postgres.SourceRoles;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.redis.RedisUsers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import io.tidemark.testkit.tls.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;

/**
 * PostgreSQL, Kafka and Redis that speak TLS and know each service by a user of its own with the rights that the scripts of
 * deploy/access give, and the services, whose HTTP is encrypted too. Not thread-safe.
 */
final class SecuredProduct implements AutoCloseable {
    static final String PREFIX = "shop";

    final CertificateAuthority authority;
    final CertificateAuthority.Issued good;
    final CertificateAuthority.Issued expired;
    final EmbeddedPostgres postgres;
    final EmbeddedKafka kafka;
    final EmbeddedRedis redis;
    final Map<ServiceAccount, String> passwords = new EnumMap<>(ServiceAccount.class);
    final Map<ServiceAccount, ServiceProcess> services = new EnumMap<>(ServiceAccount.class);

    private final Path directory;
    private final int kafkaPort = Ports.anyFree();
    private final int redisPort = Ports.anyFree();
    private final String owner = "owner-of-redis-0123456789";

    SecuredProduct(Path directory) throws Exception {
        this.directory = directory;
        for (ServiceAccount account : ServiceAccount.values()) {
            passwords.put(account, "canary-secret-of-" + account.service() + "-5b1e");
        }
        authority = new CertificateAuthority(directory.resolve("tls"), "Authority of the test");
        good = authority.issue("servers", "ip:127.0.0.1");
        expired = authority.issueExpired("servers-of-old", "ip:127.0.0.1");
        postgres = new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres"))
                .notDurable()
                .with("ssl", "on")
                .with("ssl_cert_file", good.certificate().toString())
                .with("ssl_key_file", good.key().toString()));
        kafka = new EmbeddedKafka(kafkaSettings());
        Path users = Files.createDirectories(directory.resolve("redis")).resolve("users.acl");
        Files.writeString(
                users, RedisUsers.aclFile(RedisUsers.rules(List.of("person:*"), List.of("page:*")), owner, passwords));
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis"))
                .withPassword(owner)
                .with("aclfile", users)
                .with("tls-port", Integer.toString(redisPort))
                .with("tls-cert-file", good.certificate())
                .with("tls-key-file", good.key())
                .with("tls-ca-cert-file", authority.file())
                .with("tls-auth-clients", "no"));
    }

    private KafkaSettings kafkaSettings() throws Exception {
        String secure = "listener.name.secure.";
        return KafkaSettings.in(directory.resolve("kafka"))
                .with(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:<port>,CONTROLLER://127.0.0.1:<controller>,SECURE://127.0.0.1:"
                                + kafkaPort)
                .with("advertised.listeners", "PLAINTEXT://127.0.0.1:<port>,SECURE://127.0.0.1:" + kafkaPort)
                .with("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL")
                .with(secure + "ssl.keystore.type", "PEM")
                .with(secure + "ssl.keystore.certificate.chain", Files.readString(good.certificate()))
                .with(secure + "ssl.keystore.key", Files.readString(good.key()))
                .with("sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .with(secure + "sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .with(
                        secure + "scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                // The test itself comes to the listener without encryption, as nobody in particular.
                .with("super.users", "User:ANONYMOUS");
    }

    /** Starts the servers, makes the table and the users. */
    void startServers() throws Exception {
        postgres.start();
        kafka.start();
        redis.start();
        sql("create table person (id int primary key, name text not null)");
        try (Connection connection = postgres.connect()) {
            SourceRoles.apply(connection, List.of("public.person"), "tidemark", passwords);
        }
        try (Admin admin = admin()) {
            KafkaAccess.apply(admin, PREFIX, passwords);
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    void sql(String... statements) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Starts the four services, and waits until they are ready. */
    void startServices() throws Exception {
        for (ServiceAccount account : List.of(
                ServiceAccount.POSITIONS,
                ServiceAccount.INGEST,
                ServiceAccount.CACHE_WRITER,
                ServiceAccount.RECONCILER)) {
            ServiceProcess service = service(account);
            service.launch();
            services.put(account, service);
        }
        services.values().forEach(service -> service.awaitReady(Duration.ofSeconds(150)));
    }

    /** One of the services that were started. */
    ServiceProcess running(ServiceAccount account) {
        return Objects.requireNonNull(services.get(account), account + " was not started");
    }

    private ServiceProcess service(ServiceAccount account) throws Exception {
        Path pipeline = Files.writeString(directory.resolve("tidemark.yaml"), """
                tidemark: 1
                kafka: {prefix: shop}
                caches:
                  person: {table: public.person, key: "person:{id}"}
                """);
        String module =
                switch (account) {
                    case INGEST -> "ingest-service";
                    case POSITIONS -> "position-service";
                    default -> account.service();
                };
        return new ServiceProcess(ServiceSettings.ofModule(module, directory.resolve("services/" + account.service()))
                .with("TIDEMARK_CONFIG", pipeline.toString())
                .with(environment(account)));
    }

    private Map<String, String> environment(ServiceAccount account) {
        String password = passwords.getOrDefault(account, "");
        String trusted = authority.file().toString();
        Map<String, String> environment = new HashMap<>();
        environment.put("TIDEMARK_SOURCE_URL", postgres.url().replaceFirst("//[^@]*@", "//" + account.role() + "@"));
        environment.put("TIDEMARK_SOURCE_PASSWORD", password);
        environment.put("TIDEMARK_SOURCE_SSLMODE", "verify-full");
        environment.put("TIDEMARK_SOURCE_SSLROOTCERT", trusted);
        environment.put("TIDEMARK_KAFKA_BOOTSTRAP", "127.0.0.1:" + kafkaPort);
        environment.put("TIDEMARK_KAFKA_PROTOCOL", "sasl_ssl");
        environment.put("TIDEMARK_KAFKA_USER", account.userName());
        environment.put("TIDEMARK_KAFKA_PASSWORD", password);
        environment.put("TIDEMARK_KAFKA_SSLROOTCERT", trusted);
        environment.put("TIDEMARK_REDIS_URL", "rediss://127.0.0.1:" + redisPort);
        environment.put("TIDEMARK_REDIS_USER", account.userName());
        environment.put("TIDEMARK_REDIS_PASSWORD", password);
        environment.put("TIDEMARK_REDIS_SSLROOTCERT", trusted);
        environment.put("TIDEMARK_HTTP_SSLCERT", good.certificate().toString());
        environment.put("TIDEMARK_HTTP_SSLKEY", good.key().toString());
        environment.put("TIDEMARK_HTTP_SSLROOTCERT", trusted);
        environment.put("TIDEMARK_ADMIN_TOKEN", "canary-secret-token-of-admins-77aa");
        return environment;
    }

    /** The folder with the services' logs. */
    Path logs() {
        return directory.resolve("services");
    }

    @Override
    public void close() {
        services.values().forEach(ServiceProcess::kill);
        redis.kill();
        kafka.kill();
        postgres.kill();
    }
}
