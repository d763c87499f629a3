package io.tidemark.systemtests.product;

import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The whole product, running as processes on a PostgreSQL, a Kafka and a Redis of its own. */
public interface Product extends AutoCloseable {

    String INGEST = "ingest-service";
    String CACHE_WRITER = "cache-writer";
    String RECONCILER = "reconciler";
    String POSTGRES = "postgres";
    String KAFKA = "kafka";
    String REDIS = "redis";

    /** A connection to the database; the caller closes it. */
    Connection database() throws SQLException;

    /** A connection to Redis; the caller closes it. */
    RedisConnection redis() throws IOException;

    /** A connection to each master of Redis, of which there is one unless it is a cluster; the caller closes them. */
    default Masters masters() throws IOException {
        return new Masters(List.of(redis()));
    }

    /** Which of {@link #masters()} has the key. */
    default int masterOf(String key) throws IOException {
        return 0;
    }

    String kafkaBootstrap();

    /** Kills a part with SIGKILL and sees to it that a new process takes its place; does not wait until that is ready. */
    void killAndReplace(String part);

    /** Waits until every service says it is ready. */
    void awaitReady();

    /** Asks the product to compare every cache with its table. */
    Verification verify() throws IOException, InterruptedException;

    /** Where its parts write their logs. */
    Path logs();

    @Override
    void close();
}
