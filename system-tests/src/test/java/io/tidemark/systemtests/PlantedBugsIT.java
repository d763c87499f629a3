package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.systemtests.load.CacheReader;
import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Observations;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.Shop;
import io.tidemark.systemtests.load.ShopWriter;
import io.tidemark.systemtests.load.TopicCopy;
import io.tidemark.systemtests.load.TopicReader;
import io.tidemark.systemtests.product.ConsumerGroup;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.promise.EventuallyEqual;
import io.tidemark.testkit.promise.Promise;
import io.tidemark.testkit.promise.Violation;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checker counts only when it finds a bug: each promise is broken on purpose on the running product, from outside,
 * and must be seen broken. The bugs are not taken back, so each test leaves the product worse than it found it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlantedBugsIT {

    private static final String TOPIC = "tidemark.public.product";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private final long seed = Seed.ofThisRun("PlantedBugsIT");
    private DirectProduct product;
    private FinalComparison comparison;
    private Marker marker;

    @BeforeAll
    void startWithAFilledShop() throws Exception {
        product = DirectProduct.startServers(directory);
        Shop.create(product, 100, new Observations());
        product.startServices(Script.copy("load/shop.yaml", directory));
        comparison = new FinalComparison(product, Shop.CACHES);
        marker = new Marker(product);
        marker.awaitReadable(Duration.ofSeconds(60));
    }

    @AfterAll
    void stop() {
        if (product != null) {
            product.close();
        }
    }

    @Test
    @Order(1)
    void aTopicPublishedWithoutItsKeysBreaksPerRowOrder() throws Exception {
        Observations right = new Observations();
        write(right, 400);
        comparison.awaitEqual(Duration.ofSeconds(30));
        TopicReader.read(product.kafkaBootstrap(), TOPIC, right);
        assertThat(violations(right.ofKafka())).isEmpty();

        Observations planted = new Observations();
        TopicCopy.toEveryPartitionInTurn(product.kafkaBootstrap(), TOPIC, "planted.disorder");
        TopicReader.read(product.kafkaBootstrap(), "planted.disorder", planted);
        System.out.println("without keys: " + violations(planted.ofKafka()).size() + " violations");
        assertThat(violations(planted.ofKafka())).isNotEmpty();
    }

    @Test
    @Order(2)
    void aPutThatIgnoresTheFenceBreaksNoStaleOverwrite() throws Exception {
        Observations right = new Observations();
        try (CacheReader reader = CacheReader.start(product, right, 1, 100)) {
            TopicCopy.ontoItself(product.kafkaBootstrap(), TOPIC);
            marker.awaitReadable(Duration.ofSeconds(30));
            comparison.awaitEqual(Duration.ofSeconds(30));
            assertThat(reader.reads()).isPositive();
        }
        assertThat(violations(right.ofRedis().subList(0, 2))).isEmpty();

        loadLibraryWithoutItsGuard();
        Observations planted = new Observations();
        try (CacheReader reader = CacheReader.start(product, planted, 1, 100)) {
            TopicCopy.ontoItself(product.kafkaBootstrap(), TOPIC);
            marker.awaitReadable(Duration.ofSeconds(30));
            assertThat(reader.reads()).isPositive();
        }
        List<Violation> found = violations(planted.ofRedis().subList(0, 2));
        System.out.println("without its guard: " + found.size() + " violations");
        assertThat(found).isNotEmpty();
        loadLibrary(FunctionLibrary.load().text());
    }

    @Test
    @Order(3)
    void anOffsetThatIsCommittedEarlyBreaksEventuallyEqualAndIsFoundByVerify() throws Exception {
        product.part(Product.CACHE_WRITER).stop();
        write(new Observations(), 200);
        ConsumerGroup.commitEnds(product.kafkaBootstrap(), "tidemark.cache-writer");
        product.part(Product.CACHE_WRITER).start();
        marker.awaitReadable(Duration.ofSeconds(60));

        EventuallyEqual planted = comparison.compare();
        System.out.println("committed early: " + planted.violations().size() + " entries differ");
        assertThat(planted.violations()).isNotEmpty();
        Verification found = product.verify();
        assertThat(found.nothingFound()).as(found.text()).isFalse();
        assertThat(found.text()).contains("\"kind\":\"stale\"");
    }

    private void write(Observations seen, long transactions) throws InterruptedException {
        try (ShopWriter writer = ShopWriter.start(product, seen, 0, 1, seed, 300)) {
            writer.awaitMore(transactions);
        }
    }

    private void loadLibraryWithoutItsGuard() throws IOException {
        String guard = "if fence and version <= fence then";
        String text = FunctionLibrary.load().text();
        assertThat(text).contains(guard);
        loadLibrary(text.replace(guard, "if false then"));
    }

    private void loadLibrary(String text) throws IOException {
        try (RedisConnection redis = product.redis()) {
            redis.call("FUNCTION", "LOAD", "REPLACE", text);
        }
    }

    private static List<Violation> violations(List<Promise> promises) {
        return promises.stream()
                .flatMap(promise -> promise.violations().stream())
                .toList();
    }
}
