package io.tidemark.client.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.client.redis.ClusterInterleaving.Bug;
import io.tidemark.client.redis.ClusterInterleaving.Mishap;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.RedisCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of the contract on a Redis Cluster in every order; and with each bug planted that the order is made against. */
class ClusterInterleavingIT {
    private static final String LARGE = "aaaaaaaaabbbbbbbbbcccccccccvvvvvvwwwwwwrrrrx";

    @TempDir
    static Path directory;

    private static RedisCluster cluster;
    private static RoutedRedis redis;

    @BeforeAll
    static void start() throws IOException {
        cluster = RedisCluster.start(directory, 3);
        redis = new RoutedRedis(cluster);
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
        cluster.close();
    }

    @BeforeEach
    void loadLibrary() throws IOException {
        load(FunctionLibrary.load().text());
    }

    private static void load(String text) throws IOException {
        redis.onEach("FUNCTION", "LOAD", "REPLACE", text);
    }

    /** A fill of nine steps, and a write with the two halves of its bump: every order. */
    @Test
    void noOrderOfTheStepsMakesAStaleValueReadable() throws IOException {
        List<String> orders = new ArrayList<>();
        orders(9, 3, "", orders);
        assertThat(orders).hasSize(220);
        for (String order : orders) {
            assertThat(new ClusterInterleaving(redis, order, Mishap.NOTHING, Bug.NONE).run())
                    .isNull();
        }
    }

    private static void orders(int fills, int writes, String order, List<String> all) {
        if (fills + writes == 0) {
            all.add(order);
        }
        if (fills > 0) {
            orders(fills - 1, writes, order + "a", all);
        }
        if (writes > 0) {
            orders(fills, writes - 1, order + "w", all);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void norDoesItWhenMastersForgetSomethingInBetween(long seed) throws IOException {
        assertThat(broken(new Random(seed), 60, Bug.NONE)).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedOrderIsFound(Bug bug) throws IOException {
        assertThat(broken(new Random(1), 1_000, bug)).as(bug.name()).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    a bump passes over a counter in the making | if type(counter) ~= 'string' or life_of(counter) ~= life_of(stamp) then | if type(counter) ~= 'string' or life_of(counter) == '--------' then
                    a settlement does not ask whose it is    | if redis.pcall('GET', keys[1]) ~= IN_THE_MAKING .. args[1] then | if false then
                    """)
    void plantedBugIsFound(String bug, String right, String wrong) throws IOException {
        String text = FunctionLibrary.load().text();
        assertThat(text).contains(right);
        load(text.replace(right, wrong));
        assertThat(broken(new Random(1), 1_000, Bug.NONE)).as(bug).isNotNull();
    }

    /** What breaks the promise among random orders with random mishaps, or null. */
    private static String broken(Random random, int orders, Bug bug) throws IOException {
        Mishap[] mishaps = Mishap.values();
        String problem = null;
        for (int i = 0; i < orders && problem == null; i++) {
            problem = new ClusterInterleaving(
                            redis,
                            ClusterInterleaving.order(random, LARGE),
                            mishaps[random.nextInt(mishaps.length)],
                            bug)
                    .run();
        }
        return problem;
    }
}
