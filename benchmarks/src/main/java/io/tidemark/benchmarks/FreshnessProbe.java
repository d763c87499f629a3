package io.tidemark.benchmarks;

import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * A reader that trusts no clock but its own: it commits a change, then asks Redis until the change is readable, and takes
 * the time in between. One thread.
 */
final class FreshnessProbe implements Callable<Histogram> {
    private static final long ROW = 1;

    private final EmbeddedPostgres postgres;
    private final RedissonClient redis;
    private final int seconds;

    FreshnessProbe(EmbeddedPostgres postgres, RedissonClient redis, int seconds) {
        this.postgres = postgres;
        this.redis = redis;
        this.seconds = seconds;
    }

    /** Microseconds from commit to readable, of one change after the other. */
    @Override
    public Histogram call() throws SQLException, InterruptedException {
        Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
        RBucket<String> entry = redis.getBucket("product:" + ROW, StringCodec.INSTANCE);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (ProductTable table = new ProductTable(postgres)) {
            for (int count = 1_000_000; System.nanoTime() < end; count++) {
                table.setViewCount(ROW, count);
                long committed = System.nanoTime();
                awaitValue(entry, count);
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - committed));
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        return micros;
    }

    private static void awaitValue(RBucket<String> entry, int count) {
        String wanted = "\"view_count\":" + count;
        while (true) {
            String value = entry.get();
            if (value != null && value.replace(" ", "").contains(wanted)) {
                return;
            }
            // Asking without a pause would take from the machine what is measured.
            LockSupport.parkNanos(200_000);
        }
    }
}
