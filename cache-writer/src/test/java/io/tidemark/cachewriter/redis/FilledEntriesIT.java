package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions for entries that an application fills, called one by one. */
class FilledEntriesIT {
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

    private void fill(String key, String tags, String value) throws IOException {
        assertThat(redis.ask(key, "t", 5_000).get(0)).isEqualTo("granted");
        assertThat(redis.keep(key, "t", tags, value)).isEqualTo("filled");
    }

    @Test
    void whatWasFilledIsReadByBothKindsOfReaders() throws IOException {
        fill("d:1", "products shop:7", "{}");
        assertThat(redis.read("d:1")).isEqualTo("{}");
        assertThat(redis.value("d:1")).isEqualTo("{}");
        assertThat(redis.ask("d:1", "t", 5_000).subList(0, 2)).isEqualTo(List.of("hit", "{}"));
    }

    @Test
    void bumpMakesEveryEntryOfTheTagStaleAndNoOther() throws IOException {
        fill("d:1", "products shop:7", "1");
        fill("d:2", "products", "2");
        fill("d:3", "customers", "3");
        redis.bump("shop:7");
        assertThat(redis.read("d:1")).isNull();
        assertThat(redis.read("d:2")).isEqualTo("2");
        redis.bump("products", "nobody");
        assertThat(redis.read("d:2")).isNull();
        assertThat(redis.read("d:3")).isEqualTo("3");
    }

    @Test
    void entryFilledAfterABumpIsRight() throws IOException {
        fill("d:1", "products", "1");
        redis.bump("products");
        fill("d:1", "products", "2");
        assertThat(redis.read("d:1")).isEqualTo("2");
    }

    @Test
    void onlyOneFillsAtATime() throws IOException {
        assertThat(redis.ask("d:1", "a", 5_000).get(0)).isEqualTo("granted");
        List<?> other = redis.ask("d:1", "b", 5_000);
        assertThat(other.get(0)).isEqualTo("wait");
        assertThat((Long) other.get(1)).isBetween(1L, 5_000L);
        assertThat(redis.ask("d:1", "a", 5_000).get(0)).isEqualTo("granted");
        assertThat(redis.keep("d:1", "b", "", "b")).isEqualTo("refused");
        assertThat(redis.call(FunctionLibrary.RELEASE, "d:1", "a")).isEqualTo("released");
        assertThat(redis.ask("d:1", "b", 5_000).get(0)).isEqualTo("granted");
    }

    @Test
    void fillIsRefusedWithoutALease() throws IOException {
        assertThat(redis.keep("d:1", "t", "products", "1")).isEqualTo("refused");
        assertThat(redis.value("d:1")).isNull();
    }

    @Test
    void fillIsRefusedAfterABumpOfItsTagThoughNobodyCarriesItYet() throws IOException {
        redis.ask("d:1", "t", 5_000);
        redis.bump("category:3");
        assertThat(redis.keep("d:1", "t", "products category:3", "old")).isEqualTo("refused");
        assertThat(redis.value("d:1")).isNull();
        fill("d:1", "products category:3", "new");
        assertThat(redis.read("d:1")).isEqualTo("new");
    }

    @Test
    void fillIsRefusedAfterABumpWhoseCounterWasEvictedSince() throws IOException {
        fill("d:2", "category:3", "2");
        redis.ask("d:1", "t", 5_000);
        redis.bump("category:3");
        connection.call("DEL", new Tag("category:3").counterKey());
        assertThat(redis.keep("d:1", "t", "category:3", "old")).isEqualTo("refused");
        assertThat(redis.read("d:2")).isNull();
    }

    @Test
    void fillIsRefusedAfterTheBumpsWereForgotten() throws IOException {
        redis.ask("d:1", "t", 5_000);
        redis.bump("category:3");
        connection.call("DEL", Tag.BUMPS);
        assertThat(redis.keep("d:1", "t", "category:3", "old")).isEqualTo("refused");
        fill("d:1", "category:3", "new");
        assertThat(redis.read("d:1")).isEqualTo("new");
    }

    @Test
    void bumpsOfANewLifeAreNotTakenForOlderOnes() throws IOException {
        for (int i = 0; i < 10; i++) {
            redis.bump("other");
        }
        fill("d:1", "products", "1");
        connection.call("DEL", Tag.BUMPS);
        redis.bump("products");
        assertThat(redis.read("d:1")).isNull();
    }

    @Test
    void entryIsStaleWithoutItsCounter() throws IOException {
        fill("d:1", "products", "1");
        connection.call("DEL", new Tag("products").counterKey());
        assertThat(redis.read("d:1")).isNull();
        // Another entry that brings the counter back does not bring this one back, if there was a bump in between.
        redis.bump("products");
        fill("d:2", "products", "2");
        assertThat(redis.read("d:1")).isNull();
        assertThat(redis.read("d:2")).isEqualTo("2");
    }

    @Test
    void fillIsRefusedAfterFlushall() throws IOException {
        redis.ask("d:1", "t", 5_000);
        connection.call("FLUSHALL");
        assertThat(redis.keep("d:1", "t", "products", "1")).isEqualTo("refused");
        assertThat(connection.call("DBSIZE")).isEqualTo(0L);
    }

    @Test
    void fillIsRefusedAfterItsKeyWasInvalidated() throws IOException {
        redis.ask("d:1", "t", 5_000);
        redis.call(FunctionLibrary.INVALIDATE, "d:1");
        assertThat(redis.keep("d:1", "t", "", "old")).isEqualTo("refused");
    }

    @Test
    void emptyResultIsKeptAndInvalidatedLikeAnyOther() throws IOException {
        fill("d:1", "products", null);
        assertThat(redis.read("d:1")).isEqualTo("(empty)");
        assertThat(redis.value("d:1")).isNull();
        redis.bump("products");
        assertThat(redis.read("d:1")).isNull();
        assertThat(redis.ask("d:1", "u", 5_000).get(0)).isEqualTo("granted");
    }

    @Test
    void oldValueIsForThoseWhoWaitAndOnlyInItsGrace() throws IOException {
        redis.ask("d:1", "t", 5_000);
        redis.keep("d:1", "t", 60_000, 30_000, "products", "old");
        redis.bump("products");
        assertThat(redis.read("d:1")).isNull();
        assertThat(redis.ask("d:1", "a", 5_000).get(0)).isEqualTo("granted");
        assertThat(redis.ask("d:1", "b", 5_000).subList(0, 2)).isEqualTo(List.of("old", "old"));
        assertThat(redis.value("d:1")).as("what a plain reader sees").isNull();
        redis.keep("d:1", "a", 60_000, 0, "products", "new");
        redis.bump("products");
        redis.ask("d:1", "c", 5_000);
        assertThat(redis.ask("d:1", "d", 5_000).get(0)).isEqualTo("wait");
    }

    @Test
    void sweepLeavesNothingBehindOfEntriesWithOneTag() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            fill("d:" + i, "products", "v" + i);
        }
        redis.bump("products");
        assertThat(redis.sweep("products")).isEqualTo(1_000);
        assertThat((List<?>) connection.call("KEYS", "d:*")).isEmpty();
        assertThat((List<?>) connection.call("KEYS", "tm:*")).isEmpty();
        assertThat((List<?>) connection.call("KEYS", "tm.idx:*")).isEmpty();
    }

    @Test
    void sweepKeepsWhatIsRightAndItsPlaceInTheLists() throws IOException {
        fill("d:1", "products", "1");
        fill("d:2", "products", "2");
        redis.bump("products");
        fill("d:2", "products", "3");
        assertThat(redis.sweep("products")).isEqualTo(1);
        assertThat(redis.value("d:1")).isNull();
        assertThat(redis.value("d:2")).isEqualTo("3");
        redis.bump("products");
        assertThat(redis.sweep("products")).isEqualTo(1);
        assertThat(redis.value("d:2")).isNull();
    }

    @Test
    void entryRefilledOverAndOverIsListedOnce() throws IOException {
        for (int i = 0; i < 200; i++) {
            fill("d:1", "products shop:7", "v" + i);
            redis.bump("shop:7");
            redis.sweep("shop:7");
        }
        List<?> members = (List<?>)
                connection.call("FCALL_RO", FunctionLibrary.MEMBERS, "1", new Tag("products").counterKey(), "products");
        // The list of the time changes now and then; each holds the key once.
        assertThat(members.size()).isBetween(2, 6);
        for (int i = 1; i < members.size(); i += 2) {
            assertThat(members.get(i)).isEqualTo(1L);
        }
    }

    @Test
    void nothingOfExpiredEntriesStays() throws IOException {
        for (int i = 0; i < 50; i++) {
            redis.ask("d:" + i, "t", 200);
            redis.keep("d:" + i, "t", 200, 0, "products", "1");
        }
        connection.call("DEL", new Tag("products").counterKey());
        Await.until("entries and their lists are gone", Duration.ofSeconds(20)).holds(() -> {
            connection.call("FCALL", FunctionLibrary.TAGS_PRUNE, "1", Tag.BUMPS, "", "100");
            return connection.call("DBSIZE").equals(1L);
        });
    }

    @Test
    void bumpOfATagThatNobodyCarriesCostsNothing() throws IOException {
        redis.bump("a", "b", "c");
        assertThat((List<?>) connection.call("KEYS", "*"))
                .as("the stamp and the invalidation stream")
                .hasSize(2)
                .allMatch(key -> key.equals(Tag.BUMPS) || key.equals(Tag.STREAM));
    }

    @Test
    void dueSweepIsDoneOnlyWhenNothingWasBumpedSince() throws IOException {
        fill("d:1", "products", "1");
        redis.bump("products");
        redis.bump("products");
        assertThat(connection.hash(Tag.SWEEPS)).containsEntry("products", "2");
        assertThat(connection.call("FCALL", FunctionLibrary.SWEPT, "1", Tag.BUMPS, "products", "1"))
                .isEqualTo(0L);
        assertThat(connection.call("FCALL", FunctionLibrary.SWEPT, "1", Tag.BUMPS, "products", "2"))
                .isEqualTo(1L);
    }

    @Test
    void valueWhoseMetaWasEvictedIsNoEntryAndIsSwept() throws IOException {
        fill("d:1", "products", "1");
        connection.call("DEL", "tm:{d:1}");
        assertThat(redis.read("d:1")).isNull();
        redis.bump("products");
        assertThat(redis.sweep("products")).isEqualTo(1);
        assertThat(redis.value("d:1")).isNull();
    }

    @Test
    void jitterTakesUpToItsShareOffTheTtlAndSpreads() throws IOException {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 100; i++) {
            redis.ask("j:" + i, "t", 5_000);
            redis.call(FunctionLibrary.FILL, "j:" + i, "t", "1000000", "20", "0", "", "value", "1");
            long left = (Long) connection.call("PTTL", "j:" + i);
            least = Math.min(least, left);
            most = Math.max(most, left);
        }
        assertThat(least).isBetween(799_000L, 830_000L);
        assertThat(most).isBetween(970_000L, 1_000_000L);
    }

    @Test
    void keyThatIsKeptOfARowIsNotLeasedToAnApplication() throws IOException {
        redis.put("product:1", new Version(1, 10, 8, 1).text(), "", "{}");
        assertThatThrownBy(() -> redis.ask("product:1", "t", 5_000))
                .isInstanceOf(RedisErrorException.class)
                .hasMessageContaining("kept by cache-writer");
        assertThat(redis.read("product:1")).isEqualTo("{}");
    }
}
