package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The function library as a truth table, on a real Redis. */
class FunctionLibraryIT {
    private static final String V1 = version(1, 0x100);
    private static final String V2 = version(1, 0x200);
    private static final String V3 = version(1, 0x300);

    private final String key = "product:" + UUID.randomUUID();
    private RedisConnection connection;
    private ContractRedis redis;

    @BeforeEach
    void connect() throws IOException {
        connection = SharedServers.redis().connect();
        redis = new ContractRedis(connection);
    }

    @AfterEach
    void disconnect() throws IOException {
        connection.close();
    }

    @ParameterizedTest(name = "{0}, then {1}: {2}")
    @CsvSource({
        // before,        call,             answer,   value after
        "nothing,         put 2,            written,  new",
        "put 1,           put 2,            written,  new",
        "put 2,           put 2,            older,    old",
        "put 3,           put 2,            older,    old",
        "evict 1,         put 2,            written,  new",
        "evict 2,         put 2,            older,    ",
        "evict 3,         put 2,            older,    ",
        "invalidate 1,    put 2,            written,  new",
        "invalidate 3,    put 2,            older,    ",
        "nothing,         evict 2,          absent,   ",
        "put 1,           evict 2,          evicted,  ",
        "put 2,           evict 2,          older,    old",
        "put 3,           evict 2,          older,    old",
        "evict 1,         evict 2,          absent,   ",
        "evict 3,         evict 2,          older,    ",
        // read at or after the change: it may be in there, and something newer too
        "read 1 h 2,      put 2,            read,     old",
        "read 1 h 3,      put 2,            read,     old",
        "read 1 h 1,      put 2,            written,  new",
        "read 1 h 2,      evict 2,          read,     old",
        "read 1 h 1,      evict 2,          evicted,  ",
        // read again: later wins, earlier does not
        "read 1 h 2,      put 2 h 2,        written,  new",
        "read 1 h 2,      put 2 h 3,        written,  new",
        "read 1 h 3,      put 2 h 2,        read,     old",
        "read 1 h 2,      evict 2 h 3,      evicted,  ",
        "read 3 h 3,      put 2 h 3,        older,    old",
        // a row that was not there when it was read
        "gone 1 h 3,      put 2,            read,     ",
        "gone 1 h 1,      put 2,            written,  new",
        // LSNs of another epoch say nothing
        "read 1 h 3,      put epoch,        written,  new",
        "read 1 h 3,      evict epoch,      evicted,  ",
        // filled under a lease, with no version seen before
        "fill h 2,        put 2,            read,     old",
        "fill h 1,        put 2,            written,  new",
        "lost,            put 2,            written,  new",
    })
    void writeDependsOnWhatTheEntryHasSeen(String before, String call, String answer, String valueAfter)
            throws IOException {
        prepare(before);
        assertThat(write(call, "new")).isEqualTo(answer);
        assertThat(redis.value(key)).isEqualTo(valueAfter);
    }

    @ParameterizedTest(name = "lease, then {0}: {1}")
    @CsvSource({
        "nothing,    filled",
        "put 3,      refused",
        "put 1,      filled",
        "evict 3,    refused",
        "evict 1,    filled",
        "invalidate, refused",
        "taken,      refused",
        "asked,      filled",
        "forgotten,  refused",
    })
    void leaseIsVoidedByWhateverChangesTheEntry(String between, String answer) throws IOException {
        redis.put(key, V2, "", "old");
        assertThat(redis.lease(key, "mine", "ask")).isEqualTo("granted");
        switch (between) {
            case "nothing" -> {}
            case "invalidate" -> redis.call(FunctionLibrary.INVALIDATE, key);
            case "taken" -> assertThat(redis.lease(key, "theirs", "take")).isEqualTo("granted");
            case "asked" -> assertThat(redis.lease(key, "theirs", "ask")).isEqualTo("denied");
            case "forgotten" -> connection.call("DEL", EntryKey.metaOf(key));
            default -> write(between, "changed");
        }
        assertThat(redis.fill(key, "mine", hex(0x400), "read")).isEqualTo(answer);
        assertThat(redis.fill(key, "mine", hex(0x400), "read again"))
                .as("a lease fills once")
                .isEqualTo("refused");
    }

    @Test
    void everyWriteCanBeSentTwice() throws IOException {
        redis.put(key, V1, "", "one");
        assertThat(redis.put(key, V1, "", "one")).isEqualTo("older");
        redis.evict(key, V2, "");
        assertThat(redis.evict(key, V2, "")).isEqualTo("older");
        assertThat(redis.call(FunctionLibrary.INVALIDATE, key)).isEqualTo("absent");
        assertThat(redis.meta(key, "v")).isEqualTo(V2);
    }

    @Test
    void aChangeThatTheEntryHasSeenInvalidatesNothingSinceItWouldBringNothingBack() throws IOException {
        redis.put(key, V2, "", "value");
        assertThat(redis.call(FunctionLibrary.INVALIDATE, key, V2)).isEqualTo("older");
        assertThat(redis.call(FunctionLibrary.INVALIDATE, key, V1)).isEqualTo("older");
        assertThat(redis.value(key)).isEqualTo("value");
        assertThat(redis.call(FunctionLibrary.INVALIDATE, key, V3)).isEqualTo("invalidated");
        assertThat(redis.value(key)).isNull();
    }

    @Test
    void fillFindsARowGone() throws IOException {
        redis.put(key, V1, "", "old");
        redis.lease(key, "mine", "ask");
        assertThat(redis.fill(key, "mine", hex(0x200), null)).isEqualTo("removed");
        assertThat(redis.value(key)).isNull();
        assertThat(redis.meta(key, "v")).isEqualTo(V1);
    }

    @Test
    void fenceOutlivesValueAndDelete() throws IOException {
        redis.call(FunctionLibrary.PUT, key, V1, "1", "5000", "60000", "", "x");
        assertThat(ttl(key)).isBetween(1L, 5_000L);
        assertThat(ttl(EntryKey.metaOf(key))).isBetween(5_001L, 65_000L);

        redis.evict(key, V2, "");
        assertThat(ttl(EntryKey.metaOf(key))).isBetween(1L, 60_000L);

        redis.put(key, V3, "", "kept for ever");
        assertThat(ttl(key)).isEqualTo(-1);
        assertThat(ttl(EntryKey.metaOf(key))).isEqualTo(-1);
    }

    @Test
    void getAnswersAnEntryWithItsVersionAndNothingElse() throws IOException {
        assertThat(redis.call(FunctionLibrary.GET, key)).isNull();
        redis.put(key, V1, "", "x");
        assertThat(redis.call(FunctionLibrary.GET, key)).isEqualTo(List.of("x", V1, "1700000000000000"));
        connection.call("DEL", EntryKey.metaOf(key));
        assertThat(redis.call(FunctionLibrary.GET, key)).isNull();
    }

    @Test
    void otherTypesAtOurKeysGiveWay() throws IOException {
        connection.call("LPUSH", key, "somebody's");
        connection.call("SET", EntryKey.metaOf(key), "somebody's");
        assertThat(redis.call(FunctionLibrary.GET, key)).isNull();
        assertThat(redis.put(key, V1, "", "ours")).isEqualTo("written");
        assertThat(redis.value(key)).isEqualTo("ours");
        connection.call("DEL", key);
        connection.call("LPUSH", key, "somebody's");
        assertThat(redis.evict(key, V2, "")).isEqualTo("evicted");
    }

    @Test
    void manyWritesInOneCallAnswerALetterEach() throws IOException {
        String other = "product:" + UUID.randomUUID();
        redis.put(other, V3, "", "newer");
        List<String> call = new ArrayList<>(List.of("FCALL", FunctionLibrary.APPLY, "6"));
        String third = "product:" + UUID.randomUUID();
        for (String each : List.of(key, other, third)) {
            call.addAll(List.of(each, EntryKey.metaOf(each)));
        }
        call.addAll(List.of("0", ContractRedis.FENCE_TTL));
        call.addAll(List.of("p", V2, "1", "", "value"));
        call.addAll(List.of("p", V2, "1", "", "value"));
        call.addAll(List.of("p", "not a version", "1", "", "value"));

        String answer = (String) connection.call(call.toArray(String[]::new));

        assertThat(answer).startsWith("wox\n").contains("expected a version");
        assertThat(redis.value(key)).isEqualTo("value");
        assertThat(redis.value(other)).isEqualTo("newer");
        assertThat(redis.value(third)).isNull();
    }

    @Test
    void manyFillsInOneCallAreRefusedOneByOneWhereTheLeaseIsVoid() throws IOException {
        String overtaken = "product:" + UUID.randomUUID();
        String gone = "product:" + UUID.randomUUID();
        String without = "product:" + UUID.randomUUID();
        redis.put(gone, V1, "", "old");
        List<String> lease = new ArrayList<>(List.of("FCALL", FunctionLibrary.ROW_LEASES, "6"));
        for (String each : List.of(key, overtaken, gone)) {
            lease.addAll(List.of(each, EntryKey.metaOf(each)));
        }
        lease.addAll(List.of("t", "30000", ContractRedis.FENCE_TTL));
        assertThat(connection.call(lease.toArray(String[]::new))).isEqualTo(3L);
        redis.put(overtaken, V2, "", "of a change");

        List<String> fill = new ArrayList<>(List.of("FCALL", FunctionLibrary.ROW_FILLS, "8"));
        for (String each : List.of(key, overtaken, gone, without)) {
            fill.addAll(List.of(each, EntryKey.metaOf(each)));
        }
        fill.addAll(List.of("t", "0000000000000005", "0", ContractRedis.FENCE_TTL));
        fill.addAll(List.of("row", "read", "row", "read", "gone", "", "row", "read"));
        assertThat(connection.call(fill.toArray(String[]::new))).isEqualTo("frgr");
        assertThat(redis.value(key)).isEqualTo("read");
        assertThat(redis.value(overtaken)).isEqualTo("of a change");
        assertThat(redis.value(gone)).isNull();
        assertThat(redis.value(without)).isNull();
        assertThat(connection.call(fill.toArray(String[]::new)))
                .as("sent again, every lease is over")
                .isEqualTo("rrrr");
    }

    @Test
    void aFillWithoutAHorizonIsWhatTheFencesChangeSaidAndTakesTheHorizonAway() throws IOException {
        redis.put(key, V1, "0000000000000005", "read later");
        assertThat(connection.call("HEXISTS", EntryKey.metaOf(key), "h")).isEqualTo(1L);
        connection.call(
                "FCALL",
                FunctionLibrary.ROW_LEASES,
                "2",
                key,
                EntryKey.metaOf(key),
                "t",
                "30000",
                ContractRedis.FENCE_TTL);

        assertThat(connection.call(
                        "FCALL",
                        FunctionLibrary.ROW_FILLS,
                        "2",
                        key,
                        EntryKey.metaOf(key),
                        "t",
                        "",
                        "0",
                        ContractRedis.FENCE_TTL,
                        "row",
                        "of the change"))
                .isEqualTo("f");

        assertThat(redis.value(key)).isEqualTo("of the change");
        assertThat(connection.call("HKEYS", EntryKey.metaOf(key)).toString()).isEqualTo("[v, c]");
        assertThat(connection.call("HGET", EntryKey.metaOf(key), "v")).isEqualTo(V1);
    }

    @Test
    void versionOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> redis.put(key, "7", "", "x"))
                .isInstanceOf(RedisErrorException.class)
                .hasMessageContaining("expected a version of 43 characters");
    }

    @Test
    void anEntryCostsLessThanTwoHundredBytesBesideItsKeyAndValue() throws IOException {
        redis.put(key, V1, "", "x");
        Long meta = (Long) connection.call("MEMORY", "USAGE", EntryKey.metaOf(key));

        assertThat(meta - key.length()).isLessThan(200);
    }

    private void prepare(String before) throws IOException {
        String[] words = before.split(" ");
        switch (words[0]) {
            case "nothing" -> {}
            case "put", "evict" -> write(before, "old");
            case "read" -> write("put" + before.substring("read".length()), "old");
            case "gone" -> write("evict" + before.substring("gone".length()), "old");
            case "invalidate" -> {
                write("put " + words[1], "old");
                redis.call(FunctionLibrary.INVALIDATE, key);
            }
            case "fill" -> {
                redis.lease(key, "t", "ask");
                redis.fill(key, "t", hex(0x100 * Long.parseLong(words[2])), "old");
            }
            case "lost" -> {
                redis.put(key, V3, "", "old");
                connection.call("DEL", EntryKey.metaOf(key));
            }
            default -> throw new IllegalArgumentException(before);
        }
    }

    /** {@code put 2 h 3}: at version 2, read from the database at horizon 3. */
    private Object write(String call, String value) throws IOException {
        String[] words = call.split(" ");
        String version = words[1].equals("epoch") ? version(2, 0x1) : version(1, 0x100 * Long.parseLong(words[1]));
        String horizon = words.length > 3 ? hex(0x100 * Long.parseLong(words[3])) : "";
        return words[0].equals("put") ? redis.put(key, version, horizon, value) : redis.evict(key, version, horizon);
    }

    private long ttl(String of) throws IOException {
        return (Long) connection.call("PTTL", of);
    }

    private static String version(int epoch, long commitLsn) {
        return new Version(epoch, commitLsn, commitLsn - 8, 1).text();
    }

    private static String hex(long lsn) {
        return String.format("%016x", lsn);
    }
}
