package io.tidemark.testkit.servers;

import io.tidemark.testkit.containers.ContainerKafka;
import io.tidemark.testkit.containers.ContainerPostgres;
import io.tidemark.testkit.containers.ContainerRedis;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaServer;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisServer;
import io.tidemark.testkit.redis.RedisSettings;
import java.nio.file.Path;

/**
 * A PostgreSQL, a Kafka and a Redis for tests, made where the setting TIDEMARK_TESTKIT says: {@code embedded} (child
 * processes, the default) or {@code containers} (Testcontainers). Nothing is started by making them.
 */
public interface Servers {

    /** Durable enough for killed processes, database {@code tidemark}. */
    PostgresServer postgres(Path directory);

    KafkaServer kafka(Path directory);

    /** With an append-only file, so that it keeps its data when it is killed. */
    RedisServer redis(Path directory);

    /** As the setting TIDEMARK_TESTKIT says. */
    static Servers chosen() {
        return Choice.ofEnvironment().servers();
    }

    /** As child processes of this JVM. */
    static Servers embedded() {
        return new Embedded();
    }

    /**
     * In containers.
     *
     * @throws IllegalStateException when Testcontainers is not on the class path
     */
    static Servers containers() {
        try {
            Class.forName("org.testcontainers.containers.GenericContainer");
            return new Containers();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "TIDEMARK_TESTKIT=containers needs Testcontainers on the class path: run mvn with -Pcontainers", e);
        }
    }

    /** In containers; their data lie inside them, not in the directory. */
    final class Containers implements Servers {

        private Containers() {}

        @Override
        public PostgresServer postgres(Path directory) {
            return new ContainerPostgres();
        }

        @Override
        public KafkaServer kafka(Path directory) {
            return new ContainerKafka();
        }

        @Override
        public RedisServer redis(Path directory) {
            return new ContainerRedis();
        }
    }

    /** The embedded kind. */
    final class Embedded implements Servers {

        private Embedded() {}

        @Override
        public PostgresServer postgres(Path directory) {
            return new EmbeddedPostgres(PostgresSettings.in(directory).notDurable());
        }

        @Override
        public KafkaServer kafka(Path directory) {
            return new EmbeddedKafka(KafkaSettings.in(directory).shortLived());
        }

        @Override
        public RedisServer redis(Path directory) {
            return new EmbeddedRedis(RedisSettings.in(directory).withAppendOnly());
        }
    }
}
