package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.redis.Interleaving.Mishap;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fills against bumps, step by step, in every order; and the same with each bug planted that the rule is made against. */
class InterleavingIT {
    /** Two fills of one entry, and two writes with their bumps. */
    private static final String SMALL = "aaabbbww";

    private static final String LARGE = "aaaaaabbbbbbcccwwwwwwx";

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
        redis = new ContractRedis(connection);
    }

    @AfterEach
    void disconnect() throws IOException {
        connection.close();
    }

    @Test
    void noOrderOfFillsAndBumpsMakesAStaleValueReadable() throws IOException {
        List<String> orders = Interleaving.orders(SMALL);
        assertThat(orders).hasSize(560);
        for (String order : orders) {
            assertThat(new Interleaving(redis, order, Mishap.NOTHING).run()).isNull();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void norDoesItWhenRedisForgetsAnythingInBetween(long seed) throws IOException {
        assertThat(broken(new Random(seed), 1_000)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    a fill is not compared with the counter   | return covers(stamp, counter)\\n  end | return true\\n  end
                    a tag without a counter may be carried    | bumped = not life or may_be_bumped_since(tag, stamp, life) | bumped = false
                    a tag without a counter is no obstacle    | elseif type(counter) ~= 'string' or not covers(stamp, counter) | elseif type(counter) == 'string' and not covers(stamp, counter)
                    numbers of two lives are compared         | life_of(stamp) == life_of(counter) and number_of(counter) <= | number_of(counter) <=
                    a bump does not reach the counter         | local done = redis.pcall('SET', counter_of(tag), stamp, 'XX', 'KEEPTTL') | local done = true
                    """)
    void plantedBugIsFound(String bug, String right, String wrong) throws IOException {
        String text = FunctionLibrary.load().text();
        String from = right.replace("\\n", "\n");
        assertThat(text).contains(from);
        connection.call("FUNCTION", "LOAD", "REPLACE", text.replace(from, wrong.replace("\\n", "\n")));
        assertThat(broken(new Random(1), 1_500)).as(bug).isNotEmpty();
    }

    /** What breaks the promise among random orders with random mishaps. */
    private List<String> broken(Random random, int orders) throws IOException {
        List<String> broken = new ArrayList<>();
        Mishap[] mishaps = Mishap.values();
        for (int i = 0; i < orders && broken.isEmpty(); i++) {
            String problem = new Interleaving(
                            redis, Interleaving.order(random, LARGE), mishaps[random.nextInt(mishaps.length)])
                    .run();
            if (problem != null) {
                broken.add(problem);
            }
        }
        return broken;
    }
}
