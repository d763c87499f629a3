package io.tidemark.testkit.orders;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Life in the shops: new orders, late edits, deletions, a set number of each a second over all stores. Thread-safe. */
public final class Traffic implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 10;

    private final List<SimulatedStore> stores;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "order-traffic");
        thread.setDaemon(true);
        return thread;
    });
    private volatile double newPerSecond;
    private volatile double editsPerSecond;
    private volatile double deletionsPerSecond;

    Traffic(List<SimulatedStore> stores) {
        this.stores = stores;
        clock.scheduleAtFixedRate(this::tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    /** Sets how much happens; 0 of all stops it. */
    public void set(double newOrders, double edits, double deletions) {
        newPerSecond = newOrders;
        editsPerSecond = edits;
        deletionsPerSecond = deletions;
    }

    private void tick() {
        if (stores.isEmpty()) {
            return;
        }
        for (int i = times(newPerSecond); i > 0; i--) {
            any().add(1);
        }
        for (int i = times(editsPerSecond); i > 0; i--) {
            SimulatedStore store = any();
            // Most edits concern young orders: they are confirmed, shipped, delivered.
            int oldest = ThreadLocalRandom.current().nextInt(10) == 0 ? 1 : store.lastId() - 60;
            store.edit(1, Math.max(1, oldest), store.lastId());
        }
        for (int i = times(deletionsPerSecond); i > 0; i--) {
            SimulatedStore store = any();
            store.delete(1, 1, store.lastId());
        }
    }

    private SimulatedStore any() {
        return stores.get(ThreadLocalRandom.current().nextInt(stores.size()));
    }

    private static int times(double perSecond) {
        double each = perSecond / TICKS_PER_SECOND;
        int whole = (int) each;
        return whole + (ThreadLocalRandom.current().nextDouble() < each - whole ? 1 : 0);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
