package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function library under random schedules, against a model of one entry that is a few lines of Java. */
class FunctionLibraryScheduleIT {
    private static final int STEPS = 4_000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void entryIsWhatTheModelSays(long seed) throws IOException {
        Random random = new Random(seed);
        String key = "schedule:" + UUID.randomUUID();
        try (RedisConnection connection = SharedServers.redis().connect()) {
            ContractRedis redis = new ContractRedis(connection);
            Model model = new Model();
            String before = "";
            for (int step = 0; step < STEPS; step++) {
                if (step % 40 == 0) {
                    model = new Model();
                    connection.call("DEL", key, "tm:{" + key + "}");
                    before = "";
                }
                String did = step(random, redis, key, model);
                assertThat(redis.value(key))
                        .as("seed %d step %d: %s", seed, step, did)
                        .isEqualTo(model.value);
                String fence = redis.meta(key, "v");
                assertThat(fence == null ? "" : fence)
                        .as("seed %d step %d: %s", seed, step, did)
                        .isGreaterThanOrEqualTo(before);
                before = fence == null ? "" : fence;
            }
        }
    }

    private static String step(Random random, ContractRedis redis, String key, Model model) throws IOException {
        int lsn = 1 + random.nextInt(30);
        Version version = new Version(1 + random.nextInt(20) / 19, lsn, lsn, 1);
        Integer horizon = random.nextInt(3) == 0 ? lsn + random.nextInt(10) : null;
        String token = "t" + random.nextInt(3);
        String value = "v" + random.nextInt(1_000);
        String expected;
        Object answer;
        String did;
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                did = "put " + version + " h " + horizon;
                answer = redis.put(key, version.text(), hex(horizon), value);
                expected = model.write(version, horizon, value);
            }
            case 2 -> {
                did = "evict " + version + " h " + horizon;
                answer = redis.evict(key, version.text(), hex(horizon));
                expected = model.write(version, horizon, null);
            }
            case 3 -> {
                did = "lease " + token;
                String manner = random.nextBoolean() ? "take" : "ask";
                answer = redis.lease(key, token, manner);
                expected = model.lease(token, manner);
            }
            case 4 -> {
                did = "fill " + token;
                answer = redis.fill(key, token, hex(lsn), random.nextInt(4) == 0 ? null : value);
                expected = model.fill(token, lsn, answer.equals("removed") ? null : value);
            }
            default -> {
                did = "invalidate";
                answer = redis.call(FunctionLibrary.INVALIDATE, key);
                expected = model.invalidate();
            }
        }
        assertThat(answer).as(did).isEqualTo(expected);
        return did;
    }

    private static String hex(Integer lsn) {
        return lsn == null ? "" : String.format("%016x", lsn);
    }

    /** What an entry is to be. */
    private static final class Model {
        private Version fence;
        private Integer horizon;
        private String lease;
        private String value;

        String write(Version version, Integer readAt, String newValue) {
            if (fence != null && !version.isNewerThan(fence)) {
                return "older";
            }
            boolean comparable = fence != null
                    && horizon != null
                    && (fence.equals(Version.NONE) || fence.epoch() == version.epoch());
            if (comparable && (readAt == null ? version.commitLsn() <= horizon : readAt < horizon)) {
                return "read";
            }
            boolean hadValue = value != null;
            fence = version;
            horizon = readAt;
            lease = null;
            value = newValue;
            return newValue != null ? "written" : hadValue ? "evicted" : "absent";
        }

        String lease(String token, String manner) {
            if (manner.equals("ask") && lease != null && !lease.equals(token)) {
                return "denied";
            }
            lease = token;
            fence = fence == null ? Version.NONE : fence;
            return "granted";
        }

        String fill(String token, int readAt, String newValue) {
            if (!token.equals(lease)) {
                return "refused";
            }
            lease = null;
            horizon = readAt;
            value = newValue;
            return newValue == null ? "removed" : "filled";
        }

        String invalidate() {
            boolean hadValue = value != null;
            lease = null;
            value = null;
            return hadValue ? "invalidated" : "absent";
        }
    }
}
