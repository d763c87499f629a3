package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaAccess;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.redis.RedisUsers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of deploy/access on living servers, by psql, redis-cli and Kafka's own kafka-acls.sh. */
class AccessScriptsIT {
    private static final String OWNER = "owner of Redis";

    @TempDir
    Path folder;

    private Path passwordFiles;
    private Map<ServiceAccount, String> passwords;

    @BeforeEach
    void make() throws IOException {
        passwordFiles = folder.resolve("passwords");
        passwords = AccessScripts.passwords(passwordFiles);
    }

    @Test
    void redisUsersMakesTheUsersThatTheTestsHave() throws Exception {
        Tool.orSkip("redis-cli", "redis-tools");
        try (EmbeddedRedis redis =
                new EmbeddedRedis(RedisSettings.in(folder.resolve("redis")).withPassword(OWNER))) {
            redis.start();
            Tool.Said said = redisUsers(redis, OWNER);
            assertThat(said.exitCode()).as(said.words()).isZero();
            assertThat(said.words())
                    .contains("tidemark-cache-writer: made", "tidemark-application: made")
                    .doesNotContain("canary");

            try (RedisConnection owner = redis.connect()) {
                List<Set<String>> made = users(owner);
                RedisUsers.rules(List.of("product:*"), List.of("page:*")).forEach((user, rules) -> {
                    List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", user, "reset", "on"));
                    command.add(">" + password(user));
                    command.addAll(rules);
                    called(owner, command.toArray(String[]::new));
                });
                assertThat(made).hasSize(5).containsExactlyInAnyOrderElementsOf(users(owner));
            }
            try (RedisConnection writer = RedisConnection.open("127.0.0.1", redis.port(), null)) {
                writer.call("AUTH", "tidemark-cache-writer", password("tidemark-cache-writer"));
                assertThat(writer.call("SET", "product:1", "x")).isEqualTo("OK");
                assertThatThrownBy(() -> writer.call("SET", "other:1", "x")).hasMessageContaining("NOPERM");
                assertThatThrownBy(() -> writer.call("FLUSHALL")).hasMessageContaining("NOPERM");
            }
        }
    }

    @Test
    void redisUsersLeavesOutWhoHasNoPasswordAndSaysWhatRedisRefused() throws Exception {
        Tool.orSkip("redis-cli", "redis-tools");
        Files.delete(passwordFiles.resolve("tidemark-positions"));
        try (EmbeddedRedis redis =
                new EmbeddedRedis(RedisSettings.in(folder.resolve("redis")).withPassword(OWNER))) {
            redis.start();
            Tool.Said refused = redisUsers(redis, "not the owner's");
            assertThat(refused.exitCode()).as(refused.words()).isEqualTo(1);
            assertThat(refused.words())
                    .contains("WRONGPASS", "redis-users: tidemark-cache-writer: ")
                    .doesNotContain("made");

            Tool.Said said = redisUsers(redis, OWNER);
            assertThat(said.exitCode()).as(said.words()).isZero();
            assertThat(said.words()).contains("tidemark-positions is left out");
            try (RedisConnection owner = redis.connect()) {
                assertThat(users(owner)).noneMatch(words -> words.contains("tidemark-positions"));
            }
        }
        Tool.Said nobody =
                AccessScripts.REDIS_USERS.run(folder, Map.of("ROWS", "product:*"), passwordFiles.toString(), "-p", "1");
        assertThat(nobody.exitCode()).as(nobody.words()).isEqualTo(1);
        assertThat(nobody.words()).contains("Could not connect to Redis at 127.0.0.1:1");
    }

    private Tool.Said redisUsers(EmbeddedRedis redis, String password) throws Exception {
        return AccessScripts.REDIS_USERS.run(
                folder,
                Map.of("ROWS", "product:*", "PAGES", "page:*", "REDISCLI_AUTH", password),
                passwordFiles.toString(),
                "-p",
                Integer.toString(redis.port()));
    }

    private String password(String user) {
        return passwords.entrySet().stream()
                .filter(entry -> entry.getKey().userName().equals(user))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    /** What each user may, in the order of words: Redis keeps another. */
    private static List<Set<String>> users(RedisConnection owner) {
        List<Set<String>> users = new ArrayList<>();
        for (Object line : (List<?>) called(owner, "ACL", "LIST")) {
            users.add(new TreeSet<>(List.of(String.valueOf(line).split(" "))));
        }
        return users;
    }

    private static Object called(RedisConnection connection, String... command) {
        try {
            return connection.call(command);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void postgresRolesMakesRolesThatLogInAndReadAndNoLogHasAPassword() throws Exception {
        Tool.orSkip("psql", "postgresql-client");
        try (EmbeddedPostgres postgres = new EmbeddedPostgres(PostgresSettings.in(folder.resolve("postgres"))
                .notDurable()
                .with("log_statement", "all")
                .with("log_min_duration_statement", "0"))) {
            postgres.start();
            try (Connection superuser = postgres.connect()) {
                superuser.createStatement().execute("create table \"odd table\" (id int primary key)");
                superuser.createStatement().execute("create table unnamed (id int primary key)");
            }
            Tool.Said first = postgresRoles(postgres, "public.\"odd table\",public.later");
            assertThat(first.exitCode()).as(first.words()).isZero();
            assertThat(first.words())
                    .contains(
                            "table public.later is not there yet", "tidemark_ingest: made", "tidemark_positions: made")
                    .doesNotContain("canary");
            try (Connection superuser = postgres.connect()) {
                superuser.createStatement().execute("create table public.later (id int primary key)");
            }
            assertThat(postgresRoles(postgres, "public.\"odd table\",public.later")
                            .exitCode())
                    .isZero();

            for (ServiceAccount account : List.of(
                    ServiceAccount.INGEST,
                    ServiceAccount.CACHE_WRITER,
                    ServiceAccount.RECONCILER,
                    ServiceAccount.POSITIONS)) {
                try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), account.role(), passwords.get(account))) {
                    for (String table : List.of("\"odd table\"", "later", "unnamed")) {
                        boolean mayRead = account != ServiceAccount.POSITIONS && !table.equals("unnamed");
                        assertThat(mayRead(connection, table))
                                .as(account + " reads " + table)
                                .isEqualTo(mayRead);
                    }
                }
            }
            assertThat(logs(folder.resolve("postgres")))
                    .contains("create table public.later")
                    .doesNotContain("canary");
        }
    }

    private static String logs(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory, 1)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                text.append(new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    private Tool.Said postgresRoles(EmbeddedPostgres postgres, String tables) throws Exception {
        return AccessScripts.POSTGRES_ROLES.run(
                folder,
                Map.of("TABLES", tables, "PGPASSWORD", postgres.password()),
                passwordFiles.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(postgres.port()),
                "-U",
                postgres.user(),
                "-d",
                postgres.database());
    }

    private static boolean mayRead(Connection connection, String table) throws SQLException {
        try {
            connection.createStatement().executeQuery("select * from " + table).close();
            return true;
        } catch (SQLException refused) {
            assertThat(refused.getSQLState()).isEqualTo("42501");
            return false;
        }
    }

    /** Kafka's tool is run once for each line of the rules: fourteen JVMs. */
    @Test
    @Tag("long")
    void kafkaAclsGivesWhatTheTestsGive() throws Exception {
        Path tool = Files.createFile(
                folder.resolve("kafka-acls.sh"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(
                tool,
                "#!/bin/sh\nexec " + Programs.java() + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m -cp '"
                        + System.getProperty("java.class.path") + "' org.apache.kafka.tools.AclCommand \"$@\"\n");
        try (EmbeddedKafka kafka = new EmbeddedKafka(KafkaSettings.in(folder.resolve("kafka"))
                .shortLived()
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("super.users", "User:ANONYMOUS"))) {
            kafka.start();
            Tool.Said said = AccessScripts.KAFKA_ACLS.run(
                    folder, Map.of("KAFKA_ACLS", tool.toString()), "shop", "--bootstrap-server", kafka.bootstrap());
            assertThat(said.exitCode()).as(said.words()).isZero();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                assertThat(admin.describeAcls(AclBindingFilter.ANY).values().get())
                        .containsExactlyInAnyOrderElementsOf(KafkaAccess.bindings("shop"));
            }
        }
    }
}
