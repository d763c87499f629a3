package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.positions.feed.Order;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.Progress;
import io.tidemark.positions.sync.Saved;
import io.tidemark.positions.sync.StoreSession;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Counts the orders that another session has committed. Used by one thread. */
public final class CountedSession implements StoreSession {
    private final StoreSession session;
    private final Counter added;
    private final Counter changed;
    private final Counter gaps;

    public CountedSession(StoreSession session, StoreId store, MeterRegistry registry) {
        this.session = session;
        this.added = counter(registry, store, "added");
        this.changed = counter(registry, store, "changed");
        this.gaps = gaps(registry);
    }

    /** The counter of stores that were found without their orders; registered early, so that it begins at nought. */
    public static Counter gaps(MeterRegistry registry) {
        return Counter.builder("tidemark.order.gaps")
                .description("Syncs that began at a known position of which the database holds no order")
                .register(registry);
    }

    @Override
    public Optional<Progress> progress() throws SQLException {
        return session.progress();
    }

    @Override
    public Saved save(List<Order> orders, Progress progress) throws SQLException {
        return counted(session.save(orders, progress));
    }

    @Override
    public Saved saveAgain(List<Order> orders) throws SQLException {
        return counted(session.saveAgain(orders));
    }

    @Override
    public long nextSweepPage(long below) throws SQLException {
        return session.nextSweepPage(below);
    }

    @Override
    public boolean lacksEveryOrder() throws SQLException {
        boolean lacks = session.lacksEveryOrder();
        if (lacks) {
            gaps.increment();
        }
        return lacks;
    }

    @Override
    public boolean isPaused() throws SQLException {
        return session.isPaused();
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }

    private Saved counted(Saved saved) {
        added.increment(saved.added());
        changed.increment(saved.changed());
        return saved;
    }

    private static Counter counter(MeterRegistry registry, StoreId store, String change) {
        return Counter.builder("tidemark.orders.taken")
                .description("Orders taken in and committed: new ones, and known ones that were edited")
                .tags("store", store.name(), "change", change)
                .register(registry);
    }
}
