package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.systemtests.load.CacheReader;
import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Observations;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.Shop;
import io.tidemark.systemtests.load.ShopWriter;
import io.tidemark.systemtests.product.ConsumerGroup;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.promise.Promise;
import io.tidemark.testkit.service.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two and three cache-writers in one consumer group: partitions move between them while a shop writes. */
@Tag("long")
class GrowthIT {
    private static final int PRODUCTS = 2_000;
    private static final int LANES = 2;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String GROUP = "tidemark.cache-writer";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final long seed = Seed.ofThisRun("GrowthIT");
    private final Observations seen = new Observations();

    @Test
    void partitionsMoveBetweenCacheWritersUnderLoadAndNoVersionGoesBack() throws Exception {
        try (DirectProduct product = DirectProduct.startServers(directory)) {
            growAndShrink(product);
        }
    }

    @Test
    void theSameOnARedisClusterOfThreeMasters() throws Exception {
        try (DirectProduct product = DirectProduct.startServersWithRedisCluster(directory, 3)) {
            growAndShrink(product);
        }
    }

    private void growAndShrink(DirectProduct product) throws Exception {
        Shop.create(product, PRODUCTS, seen);
        Path pipelineFile = Script.copy("load/shop.yaml", directory);
        product.startServices(pipelineFile);
        Marker marker = new Marker(product);
        marker.awaitReadable(LIMIT);
        int ofOne = Await.until("one cache-writer has the partitions", LIMIT)
                .sees(() -> ConsumerGroup.busyMembers(product.kafkaBootstrap(), GROUP), members -> members > 0);
        List<ShopWriter> writers = new ArrayList<>();
        long reads;
        try (CacheReader some = CacheReader.start(product, seen, 1, 200);
                CacheReader others = CacheReader.start(product, seen, 1_000, 1_200)) {
            for (int lane = 0; lane < LANES; lane++) {
                writers.add(ShopWriter.start(product, seen, lane, LANES, seed, 150));
            }
            ShopWriter writer = writers.get(0);
            writer.awaitMore(200);
            ServiceProcess second = another(product, "cache-writer-2", pipelineFile);
            awaitMembers(product, 2, ofOne);
            writer.awaitMore(200);
            ServiceProcess third = another(product, "cache-writer-3", pipelineFile);
            awaitMembers(product, 3, ofOne);
            writer.awaitMore(200);
            second.kill();
            awaitMembers(product, 2, ofOne);
            writer.awaitMore(200);
            third.stop();
            awaitMembers(product, 1, ofOne);
            second.start();
            awaitMembers(product, 2, ofOne);
            writer.awaitMore(200);
            product.part(Product.CACHE_WRITER).kill();
            awaitMembers(product, 1, ofOne);
            writer.awaitMore(200);
            for (ShopWriter each : writers) {
                each.close();
            }
            marker.awaitReadable(LIMIT);
            reads = some.reads() + others.reads();
        }
        int entries = new FinalComparison(product, Shop.CACHES).awaitEqual(LIMIT);
        long written = writers.stream().mapToLong(ShopWriter::transactions).sum();
        System.out.printf("%d transactions, %d reads, %d entries equal at the end%n", written, reads, entries);
        assertThat(entries).isGreaterThan(PRODUCTS);
        assertThat(reads).isGreaterThan(1_000);
        seen.ofRedis().forEach(Promise::requireKept);
        Verification verification = product.verify();
        assertThat(verification.nothingFound()).as(verification.text()).isTrue();
    }

    private static ServiceProcess another(DirectProduct product, String name, Path pipelineFile) throws Exception {
        return product.startAnother(Product.CACHE_WRITER, name, pipelineFile, Map.of());
    }

    /** Waits until so many cache-writers have partitions, each with as many members as one alone had. */
    private static void awaitMembers(DirectProduct product, int cacheWriters, int ofOne) {
        Await.until(cacheWriters + " cache-writers share the partitions", LIMIT)
                .sees(
                        () -> ConsumerGroup.busyMembers(product.kafkaBootstrap(), GROUP),
                        members -> members == cacheWriters * ofOne);
    }
}
