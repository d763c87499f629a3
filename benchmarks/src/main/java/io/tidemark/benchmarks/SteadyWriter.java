package io.tidemark.benchmarks;

import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Changes random rows at a steady rate, each in a transaction of its own. One thread, one connection. */
final class SteadyWriter implements Callable<Integer> {
    private final EmbeddedPostgres postgres;
    private final int rows;
    private final int rate;
    private final int seconds;

    SteadyWriter(EmbeddedPostgres postgres, int rows, int rate, int seconds) {
        this.postgres = postgres;
        this.rows = rows;
        this.rate = rate;
        this.seconds = seconds;
    }

    /** How many changes it made: fewer than rate times seconds when PostgreSQL was slower. */
    @Override
    public Integer call() throws SQLException {
        long gap = TimeUnit.SECONDS.toNanos(1) / rate;
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        int made = 0;
        try (ProductTable table = new ProductTable(postgres)) {
            for (long now = begin; now < end; now = System.nanoTime()) {
                long due = begin + made * gap;
                if (now < due) {
                    LockSupport.parkNanos(due - now);
                    continue;
                }
                table.setViewCount(ThreadLocalRandom.current().nextLong(2, rows + 1L), made);
                made++;
            }
        }
        return made;
    }
}
