package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the function library says on the invalidation stream, and what it answers to those who follow it. */
class InvalidationStreamIT {
    private static final String LENGTH = Tag.STREAM + ":length";

    @TempDir
    private static Path directory;

    private static EmbeddedRedis server;
    private RedisConnection redis;
    private ContractRedis contract;
    private String where = "";

    @BeforeAll
    static void start() {
        server = new EmbeddedRedis(RedisSettings.in(directory));
        server.start();
    }

    @AfterAll
    static void stop() {
        server.kill();
    }

    @BeforeEach
    void connect() throws IOException {
        redis = server.connect();
        contract = new ContractRedis(redis);
        redis.call("FLUSHALL");
        assertThat(said()).containsExactly("reset");
    }

    @Test
    void everyKindOfInvalidationIsSaid() throws Exception {
        contract.put("p:1", version(1), "", "{}");
        assertThat(said()).containsExactly("keys [\"p:1\"] " + version(1) + " 1700000000000000");
        contract.evict("p:1", version(2), "");
        assertThat(said()).containsExactly("keys [\"p:1\"] " + version(2) + " 1700000000000000");
        contract.evict("p:2", version(3), "");
        assertThat(said()).as("what was evicted by Redis may be copied still").hasSize(1);
        contract.lease("p:3", "t", "take");
        contract.fill("p:3", "t", "0000000000000005", "{}");
        assertThat(said()).containsExactly("keys [\"p:3\"]");
        contract.lease("p:3", "t", "take");
        contract.fill("p:3", "t", "0000000000000006", null);
        assertThat(said()).containsExactly("keys [\"p:3\"]");
        String[] both = {"4", "p:3", "tm:{p:3}", "p:4", "tm:{p:4}", "t"};
        redis.call(Stream.of(new String[] {"FCALL", FunctionLibrary.ROW_LEASES}, both, new String[] {"30000", "60000"})
                .flatMap(Stream::of)
                .toArray(String[]::new));
        assertThat(said()).isEmpty();
        contract.call(FunctionLibrary.INVALIDATE, "p:4");
        assertThat(said()).hasSize(1);
        String[] filled = {"0000000000000007", "0", "60000", "row", "{}", "row", "{}"};
        redis.call(Stream.of(new String[] {"FCALL", FunctionLibrary.ROW_FILLS}, both, filled)
                .flatMap(Stream::of)
                .toArray(String[]::new));
        assertThat(said()).containsExactly("keys [\"p:3\"]");
        contract.call(FunctionLibrary.INVALIDATE, "p:1", version(9));
        assertThat(said()).containsExactly("keys [\"p:1\"] " + version(9) + " 0");
        contract.call(FunctionLibrary.INVALIDATE, "dashboard:7");
        assertThat(said()).containsExactly("keys [\"dashboard:7\"]");
        contract.bump("shop:7", "sale");
        assertThat(said()).containsExactly("tags [\"shop:7\",\"sale\"]");
        contract.call(FunctionLibrary.ROW_LEASE, "p:index", "t", "30000", "60000", "take");
        contract.call(FunctionLibrary.INDEX, "p:index", "t", "1", "a");
        assertThat(said()).containsExactly("keys [\"p:index\"]");
        redis.call("FCALL", FunctionLibrary.SAY, "1", Tag.BUMPS, "tags", "a", "b");
        assertThat(said()).containsExactly("tags [\"a\",\"b\"]");
        assertThatThrownBy(() -> redis.call("FCALL", FunctionLibrary.SAY, "1", Tag.BUMPS, "rows", "a"))
                .hasMessageContaining("expected 'tags' or 'keys'");
    }

    @Test
    void nothingIsSaidOfWhatChangesNothing() throws Exception {
        contract.put("p:1", version(5), "", "{}");
        said();
        contract.put("p:1", version(5), "", "{}");
        contract.put("p:1", version(4), "", "{}");
        contract.evict("p:1", version(3), "");
        contract.call(FunctionLibrary.INVALIDATE, "p:1", version(5));
        contract.lease("p:1", "t", "take");
        contract.fill("p:1", "other", "0000000000000005", "{}");
        contract.ask("d:1", "t", 1_000);
        contract.keep("d:1", "t", "tag", "v");
        contract.call(FunctionLibrary.RELEASE, "d:1", "t");
        contract.sweep("tag");
        assertThat(said()).isEmpty();
    }

    @Test
    void manyEntriesOfOneCallAreFewRecordsWithTheNewestVersion() throws Exception {
        contract.put("k:1", version(500), "", "{}");
        said();
        List<String> call = new ArrayList<>(List.of("FCALL", FunctionLibrary.APPLY, "200"));
        IntStream.range(0, 100).forEach(i -> call.addAll(List.of("k:" + i, "tm:{k:" + i + "}")));
        call.addAll(List.of("0", "60000"));
        IntStream.range(0, 100)
                .forEach(i -> call.addAll(List.of(i % 2 == 0 ? "p" : "e", version(i + 1), "" + (i + 1), "", "x")));
        redis.call(call.toArray(String[]::new));
        List<String> said = said();
        assertThat(said).hasSize(4).allMatch(text -> text.endsWith(version(100) + " 100"));
        String all = String.join("", said);
        assertThat(all).contains("\"k:0\"", "\"k:99\"").doesNotContain("\"k:1\"");
    }

    @Test
    void streamIsBoundedAndCanBeTurnedOff() throws Exception {
        redis.call("SET", LENGTH, "300");
        for (int i = 0; i < 2_000; i++) {
            contract.bump("a");
        }
        assertThat((Long) redis.call("XLEN", Tag.STREAM)).isBetween(300L, 500L);
        redis.call("SET", LENGTH, "0");
        String last = lastId();
        contract.bump("a");
        contract.put("p:1", version(1), "", "{}");
        assertThat(lastId()).isEqualTo(last);
        assertThat(said()).containsExactly("off");
        redis.call("SET", LENGTH, "no number");
        contract.bump("a");
        assertThat(lastId()).as("what makes no sense is no setting").isNotEqualTo(last);
    }

    @Test
    void invalidatingWorksWhateverLiesInTheWay() throws Exception {
        redis.call("SET", Tag.STREAM, "a text");
        contract.put("p:1", version(1), "", "{}");
        contract.bump("a");
        assertThat(said()).containsExactly("reset");
        contract.bump("b");
        assertThat(said()).containsExactly("tags [\"b\"]");
    }

    @Test
    void whoeverMayHaveMissedSomethingIsTold() throws Exception {
        contract.bump("a");
        said();
        contract.bump("b");
        redis.call("XTRIM", Tag.STREAM, "MAXLEN", "0");
        assertThat(said()).as("cut off").containsExactly("reset");
        contract.bump("c");
        assertThat(said()).containsExactly("tags [\"c\"]");
        redis.call("DEL", Tag.STREAM);
        assertThat(said()).as("deleted").containsExactly("reset");
        redis.call("FLUSHALL");
        contract.bump("d");
        assertThat(said()).as("emptied").containsExactly("reset");
        assertThat(said()).isEmpty();
        redis.call("DEL", Tag.BUMPS);
        assertThat(said()).as("tags begin anew").containsExactly("reset");
        redis.close();
        server.kill();
        server.start();
        connect();
    }

    @Test
    void restartedRedisIsAnotherOneAlsoWithTheSameData() throws Exception {
        contract.bump("a");
        said();
        redis.call("SAVE");
        redis.close();
        server.kill();
        server.start();
        redis = server.connect();
        assertThat(lastId()).isNotEmpty();
        assertThat(said()).containsExactly("reset");
    }

    @Test
    void whatIsReadInPortionsSaysThatThereIsMore() throws Exception {
        for (int i = 0; i < 5; i++) {
            contract.bump("t" + i);
        }
        List<?> first = follow(3);
        assertThat(first.get(2)).isEqualTo(1L);
        List<?> second = follow(3);
        assertThat(second.get(2)).isEqualTo(0L);
        assertThat((List<?>) first.get(3)).hasSize(3);
        assertThat((List<?>) second.get(3)).hasSize(2);
        assertThatThrownBy(() -> follow(0)).hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> follow(1_001)).hasMessageContaining("1 to 1000");
    }

    @Test
    void aStreamMadeAnewWithinTheSameMillisecondIsNoticed() throws Exception {
        String life = where.substring(where.indexOf(' '));
        String[] remove = {"DEL", Tag.STREAM};
        String[] bump = {"FCALL", FunctionLibrary.BUMP, "1", Tag.BUMPS, "a"};
        String[] newest = {"XREVRANGE", Tag.STREAM, "+", "-", "COUNT", "1"};
        for (int i = 0; i < 100; i++) {
            List<?> answers = redis.callAll(List.of(remove, bump, newest, remove, bump));
            where = ((List<?>) ((List<?>) answers.get(2)).get(0)).get(0) + life;
            assertThat(said()).containsExactly("reset");
        }
    }

    @Test
    void oneForwardsAtATimeAndGoesOnFromWhatWasDone() throws Exception {
        List<?> first = forward("one", 60_000, "");
        assertThat(first.get(0)).isEqualTo("reset");
        contract.bump("a");
        List<?> next = forward("one", 60_000, (String) first.get(1));
        assertThat((List<?>) next.get(3)).hasSize(1);
        assertThat(forward("two", 60_000, "").get(0)).isEqualTo("other");
        assertThat((List<?>) forward("one", 60_000, "").get(3))
                .as("what is not done comes again")
                .hasSize(1);
        redis.call("DEL", Tag.STREAM + ":forwarder");
        assertThat((List<?>) forward("two", 60_000, (String) next.get(1)).get(3))
                .as("whose time is over has done nothing")
                .hasSize(1);
        assertThat((List<?>) forward("two", 60_000, (String) next.get(1)).get(3))
                .isEmpty();
    }

    @Test
    void copyHasWhatWhoeverKeepsItHasToKnow() throws Exception {
        assertThat(copy("p:1")).isNull();
        contract.put("p:1", version(1), "", "{}");
        assertThat(copy("p:1")).isEqualTo(List.of("{}", version(1), "1700000000000000", "", -1L));
        contract.ask("d:1", "t", 1_000);
        contract.keep("d:1", "t", "a b", "v");
        List<?> filled = copy("d:1");
        assertThat(filled.get(0)).isEqualTo("v");
        assertThat(filled.get(3)).isEqualTo("a b");
        assertThat((Long) filled.get(4)).isBetween(50_000L, 60_000L);
        contract.ask("d:2", "t", 1_000);
        contract.keep("d:2", "t", 5_000, 600_000, "a", null);
        List<?> empty = copy("d:2");
        assertThat(empty.get(0)).isNull();
        assertThat((Long) empty.get(4)).as("a grace does not count").isBetween(1L, 5_000L);
        contract.bump("a");
        assertThat(copy("d:1")).isNull();
        assertThat(copy("d:2")).isNull();
    }

    private List<?> copy(String key) throws IOException {
        return (List<?>) contract.call(FunctionLibrary.COPY, key);
    }

    private List<?> forward(String worker, long millis, String done) throws IOException {
        return (List<?>) redis.call("FCALL", FunctionLibrary.FORWARD, "1", Tag.BUMPS, worker, "" + millis, done, "100");
    }

    private List<?> follow(int most) throws IOException {
        List<?> answer = (List<?>) redis.call("FCALL", FunctionLibrary.FOLLOW, "1", Tag.BUMPS, where, "" + most);
        where = (String) answer.get(1);
        return answer;
    }

    /** What was said since the last time: "reset", "off", or for each record its values. */
    private List<String> said() throws IOException {
        List<?> answer = follow(1_000);
        if (!answer.get(0).equals("on")) {
            return List.of((String) answer.get(0));
        }
        List<String> said = new ArrayList<>();
        for (Object record : (List<?>) answer.get(3)) {
            List<?> fields = (List<?>) ((List<?>) record).get(1);
            StringBuilder text = new StringBuilder();
            for (int i = 1; i < fields.size(); i += 2) {
                text.append(i == 1 ? "" : " ").append(fields.get(i));
            }
            said.add(text.toString());
        }
        return said;
    }

    private String lastId() throws IOException {
        List<?> last = (List<?>) redis.call("XREVRANGE", Tag.STREAM, "+", "-", "COUNT", "1");
        return last.isEmpty() ? "" : (String) ((List<?>) last.get(0)).get(0);
    }

    private static String version(long n) {
        return String.format("0001-%016x-%016x-0000", n, n);
    }
}
