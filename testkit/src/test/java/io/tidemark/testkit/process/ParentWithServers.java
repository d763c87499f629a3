package io.tidemark.testkit.process;

import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM that starts one server of each kind, freezes Redis, says so, and waits to be killed. */
final class ParentWithServers {

    private ParentWithServers() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres")).notDurable()).start();
        new EmbeddedKafka(KafkaSettings.in(directory.resolve("kafka"))).start();
        EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        if (arguments.length > 1) {
            redis.freeze();
        }
        System.out.println("all started");
        new CountDownLatch(1).await();
    }
}
