package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cachewriter.redis.FunctionSchedule.Form;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.document.HashFields;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries whose value is a Redis hash, on a Redis of their own. */
class HashEntriesIT {
    private static final String KEY = "product:1";
    private static final String V1 = new Version(1, 1, 1, 1).text();
    private static final String V2 = new Version(1, 2, 2, 1).text();

    @TempDir
    static Path directory;

    private static EmbeddedRedis server;
    private RedisConnection connection;
    private ContractRedis redis;

    @BeforeAll
    static void start() {
        server = new EmbeddedRedis(RedisSettings.in(directory));
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        connection = server.connect();
        connection.call("FLUSHALL");
        redis = new ContractRedis(connection);
    }

    @AfterEach
    void disconnect() throws IOException {
        connection.close();
    }

    @Test
    void hashIsReadPlainlyAndThroughTheContract() throws IOException {
        redis.putHash(KEY, V1, "", Map.of("id", "1"));
        assertThat(connection.hash(KEY)).isEqualTo(Map.of("id", "1"));
        assertThat(redis.call(FunctionLibrary.GET, KEY)).isEqualTo(List.of(List.of("id", "1"), V1, "1700000000000000"));
        connection.call("DEL", EntryKey.metaOf(KEY));
        assertThat(redis.call(FunctionLibrary.GET, KEY)).isNull();
    }

    @Test
    void hashExpiresAsAValueDoesAndItsFenceLater() throws IOException {
        byte[] packed = HashFields.packed(Map.of("id", "1"));
        List<byte[]> command = new java.util.ArrayList<>();
        for (String each :
                List.of("FCALL", "tm_apply", "2", KEY, EntryKey.metaOf(KEY), "5000", "60000", "h", V1, "1", "")) {
            command.add(each.getBytes(UTF_8));
        }
        command.add(packed);
        assertThat(connection.callBytes(command.toArray(byte[][]::new))).isEqualTo("w");
        assertThat((Long) connection.call("PTTL", KEY)).isBetween(1L, 5_000L);
        assertThat((Long) connection.call("PTTL", EntryKey.metaOf(KEY))).isBetween(5_001L, 65_000L);
    }

    @Test
    void hashOfTheMostColumnsThatARowCanHaveIsKept() throws IOException {
        Map<String, String> fields = new TreeMap<>();
        for (int i = 0; i < 1_664; i++) {
            fields.put("column_" + i, "x".repeat(i));
        }
        assertThat(redis.putHash(KEY, V1, "", fields)).isEqualTo("written");
        assertThat(connection.hash(KEY)).hasSize(1_664).containsEntry("column_7", "xxxxxxx");
        assertThat(((List<?>) ((List<?>) redis.call(FunctionLibrary.GET, KEY)).get(0)))
                .hasSize(2 * 1_664);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "", "1", "{}"})
    void whatIsNoHashIsRefusedAndTheFenceDoesNotRunAheadOfTheValue(String nonsense) throws IOException {
        redis.putHash(KEY, V1, "", Map.of("id", "1"));
        assertThatThrownBy(() -> redis.putPacked(KEY, V2, "", nonsense.getBytes(UTF_8)))
                .isInstanceOf(RedisErrorException.class);
        assertThat(redis.meta(KEY, "v")).isEqualTo(V1);
        assertThat(connection.hash(KEY)).isEqualTo(Map.of("id", "1"));
        assertThat(redis.putHash(KEY, V2, "", Map.of("id", "2"))).isEqualTo("written");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"STRING", "HASH"})
    void readersSeeWholeValuesOnlyAndNoneGoesBackWhilePutsAndFillsRace(Form form) throws Exception {
        assertThat(new PutAgainstFill(server, form == Form.HASH).run()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    fields of before stay           | redis.call('DEL', value_key)\\n  if #fields > 0 then | if #fields > 0 then
                    a put of a hash voids no lease  | set_fence(meta_key, version, committed, horizon, lease or fence_horizon)\\n  if fields then | set_fence(meta_key, version, committed, horizon, not fields and (lease or fence_horizon))\\n  if fields then
                    a fill leaves its lease         | local fields = found == 'hash' and fields_of(value)\\n  redis.call('HDEL', meta_key, 'l', 'h') | local fields = found == 'hash' and fields_of(value)\\n  redis.call('HDEL', meta_key, 'h')
                    """)
    void plantedBugIsFound(String bug, String right, String wrong) throws IOException {
        String text = FunctionLibrary.load().text();
        String from = right.replace("\\n", "\n");
        assertThat(text).contains(from);
        connection.call("FUNCTION", "LOAD", "REPLACE", text.replace(from, wrong.replace("\\n", "\n")));
        assertThat(new FunctionSchedule(connection, redis, Form.HASH, 1).run(4_000))
                .as(bug)
                .isNotNull();
    }
}
