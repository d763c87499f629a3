package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Redis may do to the writer: no offset is committed past a write it did not take, and all is there in the end. */
class RedisFaultsIT {
    private static final int MANY = 5_000;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;
    private static int round;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(directory.resolve("writer"), redis).start();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @Test
    void killedInMidBatchAndEmptyAfterwardsIsFilledAgain() throws Exception {
        long before = stack.progress("redisFailures");
        sendMany();
        redis.kill();
        String name = sendMany();
        stack.flush();
        Await.until("writes are refused", WriterStack.SOON).holds(() -> stack.progress("redisFailures") > before);
        assertThat(stack.lag()).isGreaterThan(MANY);

        redis.start();
        assertAllAre(name);
    }

    @Test
    void flushedUnderLoadIsFilledAgain() throws Exception {
        String name = sendMany();
        command("FLUSHALL");
        assertAllAre(name);
        stack.awaitApplied();
        command("FLUSHALL");
        assertAllAre(name);
    }

    @Test
    void libraryThatIsGoneIsLoadedAgain() throws Exception {
        String name = sendMany();
        command("FUNCTION", "FLUSH");
        assertAllAre(name);
    }

    @Test
    void aWriterThatCouldNotLookAtTheLibraryForAWhileIsReadyAgain() throws Exception {
        command("ACL", "SETUSER", "tester", "on", "nopass", "~*", "&*", "+@all");
        try (RedisConnection tester = redis.connect()) {
            tester.call("AUTH", "tester", "any");
            tester.call("ACL", "SETUSER", "default", "-function");
            tester.call("FUNCTION", "FLUSH");
            String name = sendMany();
            stack.flush();
            Await.until("it says what is in the way", WriterStack.SOON)
                    .holds(() -> readiness().contains("library") && readiness().contains("NOPERM"));

            // Another loads it: no write fails any more, so none is a reason to look.
            String code = "#!lua name=" + FunctionLibrary.NAME + "\n"
                    + FunctionLibrary.load().code();
            tester.call("FUNCTION", "LOAD", code);
            assertAllAre(name);
            assertThat(readiness()).contains("NOPERM");
            tester.call("ACL", "SETUSER", "default", "+function");
            Await.until("it is ready", WriterStack.SOON)
                    .holds(() -> !readiness().contains("library"));
        }
    }

    private static String readiness() throws Exception {
        return stack.writer.get("/health/readiness").body();
    }

    @Test
    void fullRedisHoldsUpTheOffsets() throws Exception {
        command("CONFIG", "SET", "maxmemory", "1mb");
        String name = sendMany();
        stack.flush();
        Await.until("writes are refused", WriterStack.SOON).holds(() -> stack.progress("redisFailures") > 0);
        assertThat(stack.lag()).isGreaterThan(MANY / 2);

        command("CONFIG", "SET", "maxmemory", "0");
        assertAllAre(name);
    }

    @Test
    void readOnlyReplicaHoldsUpTheOffsets() throws Exception {
        long before = stack.progress("redisFailures");
        command("REPLICAOF", "127.0.0.1", "1");
        String name = sendMany();
        stack.flush();
        Await.until("writes are refused", WriterStack.SOON).holds(() -> stack.progress("redisFailures") > before);
        assertThat(stack.lag()).isGreaterThan(MANY / 2);

        command("REPLICAOF", "NO", "ONE");
        assertAllAre(name);
    }

    @Test
    void otherTypesAtOurKeysGiveWay() throws Exception {
        command("DEL", stack.entry(1), "tm:{" + stack.entry(1) + "}");
        command("LPUSH", stack.entry(1), "somebody's");
        command("LPUSH", "tm:{" + stack.entry(1) + "}", "somebody's");
        stack.send(1, stack.changes.update(1, "ours"));
        stack.awaitApplied();
        assertThat(stack.get(stack.entry(1))).contains("ours");
    }

    @Test
    void frozenRedisIsWaitedFor() throws Exception {
        redis.freeze();
        String name = sendMany();
        stack.flush();
        Await.until("calls are given up", WriterStack.SOON).holds(() -> stack.lag() > 0);
        redis.thaw();
        assertAllAre(name);
    }

    @Test
    void writerThawedAfterItsGroupGaveItUpDoesNoHarm() throws Exception {
        sendMany();
        try (ServiceProcess other = stack.another(directory.resolve("other"))) {
            stack.writer.freeze();
            other.start();
            String name = sendMany();
            assertAllAre(name);
            stack.writer.thaw();
            String after = sendMany();
            assertAllAre(after);
        }
        stack.writer.awaitReady(WriterStack.SOON);
        assertAllAre(sendMany());
    }

    /** Changes every entry, and answers the name that each is to have in the end. */
    private static String sendMany() {
        String name = "round " + ++round;
        for (int id = 0; id < MANY; id++) {
            if (id % 10 == 0) {
                stack.send(id, stack.changes.update(id, "passing"));
            }
            stack.send(id, stack.changes.update(id, name));
        }
        return name;
    }

    private static void assertAllAre(String name) {
        stack.flush();
        Await.until("every entry is of " + name, WriterStack.SOON.multipliedBy(3))
                .holds(() -> {
                    int right = 0;
                    for (String value : stack.entries().values()) {
                        right += value.contains("\"" + name + "\"") ? 1 : 0;
                    }
                    return right == MANY;
                });
    }

    private static void command(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            connection.call(command);
        }
    }
}
