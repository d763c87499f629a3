package io.tidemark.cachewriter.redis;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/** Random calls of the functions that write entries of rows, and a model of one entry that is a few lines of Java. */
final class FunctionSchedule {
    /** How values are stored; mixed when the pipeline file has changed now and then. */
    enum Form {
        STRING,
        HASH,
        MIXED
    }

    private final RedisConnection connection;
    private final ContractRedis redis;
    private final Form form;
    private final Random random;
    private final String key = "schedule:" + UUID.randomUUID();

    FunctionSchedule(RedisConnection connection, ContractRedis redis, Form form, long seed) {
        this.connection = connection;
        this.redis = redis;
        this.form = form;
        this.random = new Random(seed);
    }

    /** What was otherwise than the model says, or null. */
    String run(int steps) throws IOException {
        Model model = new Model();
        String before = "";
        for (int step = 0; step < steps; step++) {
            if (step % 40 == 0) {
                model = new Model();
                connection.call("DEL", key, "tm:{" + key + "}");
                before = "";
            }
            String problem;
            try {
                problem = step(model);
            } catch (RedisErrorException refused) {
                problem = refused.getMessage();
            }
            String value = value();
            String fence = Objects.requireNonNullElse(redis.meta(key, "v"), "");
            if (problem == null && !Objects.equals(value, model.value)) {
                problem = "value " + value + ", expected " + model.value;
            }
            if (problem == null && fence.compareTo(before) < 0) {
                problem = "fence went back from " + before + " to " + fence;
            }
            if (problem != null) {
                return "step " + step + ": " + problem;
            }
            before = fence;
        }
        return null;
    }

    /** A hash has the value in one field and as the name of another, so that a field too many is seen. */
    private static Map<String, String> fields(String value) {
        return Map.of("v", value, value, "");
    }

    private boolean asHash() {
        return form == Form.HASH || (form == Form.MIXED && random.nextBoolean());
    }

    private String value() throws IOException {
        if (!connection.call("TYPE", key).equals("hash")) {
            return redis.value(key);
        }
        Map<String, String> found = connection.hash(key);
        String value = found.getOrDefault("v", "");
        return found.equals(fields(value)) ? value : "a hash of " + found;
    }

    private String step(Model model) throws IOException {
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
                answer = asHash()
                        ? redis.putHash(key, version.text(), hex(horizon), fields(value))
                        : redis.put(key, version.text(), hex(horizon), value);
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
                boolean gone = random.nextInt(4) == 0;
                answer = !gone && asHash()
                        ? redis.fillHash(key, token, hex(lsn), fields(value))
                        : redis.fill(key, token, hex(lsn), gone ? null : value);
                expected = model.fill(token, lsn, answer.equals("removed") ? null : value);
            }
            default -> {
                did = "invalidate";
                answer = redis.call(FunctionLibrary.INVALIDATE, key);
                expected = model.invalidate();
            }
        }
        return answer.equals(expected) ? null : did + ": answered " + answer + ", expected " + expected;
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
