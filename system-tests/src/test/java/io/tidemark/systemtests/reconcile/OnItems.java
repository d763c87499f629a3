package io.tidemark.systemtests.reconcile;

import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.testkit.redis.RedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test on the product that all tests of this package share, with a connection to Redis of its own. */
abstract class OnItems {
    final RunningItems running = RunningItems.shared();
    final DirectProduct product = running.product;
    final Items items = running.items;
    final ReconcilerCalls reconciler = running.reconciler;
    RedisConnection redis;

    @BeforeEach
    void connect() throws Exception {
        redis = product.redis();
    }

    @AfterEach
    void close() throws Exception {
        redis.close();
    }
}
