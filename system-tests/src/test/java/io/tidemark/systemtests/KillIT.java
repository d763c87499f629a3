package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.systemtests.load.CacheReader;
import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Observations;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.Shop;
import io.tidemark.systemtests.load.ShopWriter;
import io.tidemark.systemtests.load.TopicReader;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.promise.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The promises, while a shop writes at random and every part of the product is killed again and again. */
class KillIT {

    private static final int ROUNDS = Integer.getInteger("tidemark.rounds", 1);
    private static final int PRODUCTS = 2_000;
    private static final int LANES = 2;
    private static final List<String> PARTS = List.of(
            Product.INGEST, Product.CACHE_WRITER, Product.RECONCILER, Product.KAFKA, Product.REDIS, Product.POSTGRES);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final long seed = Seed.ofThisRun("KillIT");
    private final Random random = new Random(seed);
    private final Observations seen = new Observations();
    private DirectProduct product;
    private Marker marker;

    @BeforeEach
    void startWithAFilledShop() throws Exception {
        product = DirectProduct.startServers(directory);
        Shop.create(product, PRODUCTS, seen);
        product.startServices(Script.copy("load/shop.yaml", directory));
        marker = new Marker(product);
        marker.awaitReadable(Duration.ofSeconds(60));
        // What is written after that comes by the stream: the first snapshot is over, and no kill can cut it off.
        marker.awaitReadable(Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        if (product != null) {
            product.close();
        }
    }

    @Test
    void nothingIsLostStaleOrOutOfOrderWhenEveryPartIsKilledUnderLoad() throws Exception {
        List<ShopWriter> writers = new ArrayList<>();
        int entries;
        long reads;
        try (CacheReader reader = CacheReader.start(product, seen, 1, 200)) {
            for (int lane = 0; lane < LANES; lane++) {
                writers.add(ShopWriter.start(product, seen, lane, LANES, seed, 150));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                for (String part : shuffled()) {
                    killUnderLoad(part, writers.get(0));
                }
            }
            writers.get(0).awaitMore(200);
            for (ShopWriter writer : writers) {
                writer.close();
            }
            marker.awaitReadable(Duration.ofSeconds(120));
            entries = new FinalComparison(product, Shop.CACHES).awaitEqual(Duration.ofSeconds(60));
            reads = reader.reads();
        }
        long published = TopicReader.read(product.kafkaBootstrap(), "tidemark.public.product", seen);
        long written = writers.stream().mapToLong(ShopWriter::transactions).sum();
        System.out.printf(
                "%d kills, %d transactions, %d changes of products in Kafka, %d reads, %d entries equal at the end%n",
                ROUNDS * PARTS.size(), written, published, reads, entries);
        assertThat(entries).isGreaterThan(PRODUCTS);
        assertThat(reads).isGreaterThan(1_000);
        assertThat(published).isGreaterThan(500);
        seen.ofKafka().forEach(Promise::requireKept);
        seen.ofRedis().forEach(Promise::requireKept);
        Verification verification = product.verify();
        assertThat(verification.nothingFound()).as(verification.text()).isTrue();
    }

    private List<String> shuffled() {
        List<String> parts = new ArrayList<>(PARTS);
        Collections.shuffle(parts, random);
        return parts;
    }

    /** Every other time the next part is killed while the services are still getting over this one. */
    private void killUnderLoad(String part, ShopWriter writer) {
        writer.awaitMore(50 + random.nextInt(400));
        System.out.println("killing " + part + " after " + writer.transactions() + " transactions of the first writer");
        product.killAndReplace(part);
        writer.awaitMore(100);
        if (random.nextBoolean()) {
            product.awaitReady();
        }
    }
}
