package io.tidemark.cli.shop.postgres;

import io.tidemark.cli.shop.Pacer;
import io.tidemark.cli.shop.ShopChange;
import io.tidemark.cli.shop.ShopSize;
import io.tidemark.cli.shop.TrafficPlan;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The shop's tills and back office at work: one thread deals the plan's transactions out at the rate, several
 * connections make them. Shops are bound to connections, so the changes of one shop keep their order.
 *
 * <p>Thread-safe; {@link #start} and {@link #stop} are each called once.
 */
public final class Traffic {
    private static final int LANES = 4;

    private final TrafficPlan plan;
    private final double rowsPerSecond;
    private final List<Lane> lanes = new ArrayList<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong correction = new AtomicLong();
    private final Thread dealer;
    private volatile boolean stopping;

    /**
     * @param rowsPerSecond row changes a second, all connections together; 0 writes nothing
     * @param trouble told when the database cannot be written to, and when it can again
     */
    public Traffic(
            long seed, ShopSize size, double rowsPerSecond, EmbeddedPostgres postgres, Consumer<String> trouble) {
        this.plan = new TrafficPlan(seed, size);
        this.rowsPerSecond = rowsPerSecond;
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane("shop-traffic-" + (i + 1), postgres, trouble, this::count));
        }
        dealer = new Thread(this::deal, "shop-traffic");
        dealer.setDaemon(true);
    }

    /** Begins to write. */
    public void start() {
        lanes.forEach(Lane::start);
        dealer.start();
    }

    /** How many row changes were committed so far. */
    public long written() {
        return written.get();
    }

    /**
     * Writes what was dealt out already, then ends.
     *
     * @throws InterruptedException when this thread is interrupted; the writing goes on to its end by itself then
     */
    public void stop() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(dealer);
        dealer.join();
        for (Lane lane : lanes) {
            lane.finish();
        }
    }

    private void deal() {
        if (rowsPerSecond <= 0) {
            return;
        }
        Pacer pacer = new Pacer(rowsPerSecond, System.nanoTime());
        try {
            while (!stopping) {
                pacer.spend(correction.getAndSet(0));
                long wait = pacer.nanosToWait(System.nanoTime());
                if (wait > 0) {
                    LockSupport.parkNanos(Math.min(wait, TimeUnit.MILLISECONDS.toNanos(50)));
                } else {
                    ShopChange change = plan.next();
                    pacer.spend(change.expectedRows());
                    lanes.get(change.shop() % LANES).put(change);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(ShopChange change, long rows) {
        correction.addAndGet(rows - change.expectedRows());
        written.addAndGet(rows);
    }
}
