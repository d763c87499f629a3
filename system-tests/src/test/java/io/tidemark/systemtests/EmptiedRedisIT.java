package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.systemtests.load.CacheReader;
import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Observations;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.Shop;
import io.tidemark.systemtests.load.ShopWriter;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.promise.Promise;
import io.tidemark.testkit.redis.RedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Redis is emptied again and again while a shop writes as fast as it can: no reader ever sees an older value. */
@Tag("long")
class EmptiedRedisIT {
    private static final int ROUNDS = Integer.getInteger("tidemark.rounds", 3);
    private static final int PRODUCTS = 2_000;
    private static final int LANES = 2;
    private static final int AS_FAST_AS_IT_GOES = 100_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final long seed = Seed.ofThisRun("EmptiedRedisIT");
    private final Random random = new Random(seed);
    // Readers' views are of one life all along: an older value is one too when Redis began anew in between.
    private final Observations seen = new Observations();

    @Test
    void readersFindTheNewestValueOrNothingAndInTheEndAllIsEqual() throws Exception {
        try (DirectProduct product = DirectProduct.startServers(directory)) {
            Shop.create(product, PRODUCTS, seen);
            product.startServices(Script.copy("load/shop.yaml", directory));
            Marker marker = new Marker(product);
            marker.awaitReadable(Duration.ofSeconds(60));
            long reads = emptyUnderLoad(product, marker);
            int entries = new FinalComparison(product, Shop.CACHES).awaitEqual(Duration.ofSeconds(60));
            System.out.printf("emptied %d times, %d reads, %d entries equal at the end%n", ROUNDS, reads, entries);
            seen.ofRedis().forEach(Promise::requireKept);
            assertThat(reads).isGreaterThan(1_000);
            Verification verification = product.verify();
            assertThat(verification.nothingFound()).as(verification.text()).isTrue();
        }
    }

    private long emptyUnderLoad(DirectProduct product, Marker marker) throws Exception {
        List<ShopWriter> writers = new ArrayList<>();
        try (CacheReader some = CacheReader.start(product, seen, 1, 200);
                CacheReader written = CacheReader.start(product, seen, 1_800, 2_000)) {
            for (int lane = 0; lane < LANES; lane++) {
                writers.add(ShopWriter.start(product, seen, lane, LANES, seed, AS_FAST_AS_IT_GOES));
            }
            for (int round = 0; round < ROUNDS; round++) {
                writers.get(0).awaitMore(200 + random.nextInt(600));
                try (RedisConnection redis = product.redis()) {
                    redis.call("FLUSHALL");
                }
            }
            writers.get(0).awaitMore(200);
            for (ShopWriter writer : writers) {
                writer.close();
            }
            marker.awaitReadable(Duration.ofSeconds(120));
            return some.reads() + written.reads();
        }
    }
}
