package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.SyncState.Phase;
import io.tidemark.positions.sync.StoreBoard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts and times the syncs that this instance writes on another board, by how they ended. Thread-safe. */
public final class CountedBoard implements StoreBoard {
    private static final String DONE = "done";

    private final StoreBoard board;
    private final MeterRegistry registry;
    private final Map<StoreId, Timer.Sample> running = new ConcurrentHashMap<>();

    public CountedBoard(StoreBoard board, MeterRegistry registry) {
        this.board = board;
        this.registry = registry;
        List.of(DONE, result(Phase.WAITING), result(Phase.REFUSED)).forEach(this::timer);
    }

    @Override
    public void register(Collection<StoreId> stores) throws SQLException {
        board.register(stores);
    }

    @Override
    public List<StoreId> due(Collection<StoreId> stores) throws SQLException {
        return board.due(stores);
    }

    @Override
    public void pause(StoreId store, boolean paused) throws SQLException {
        board.pause(store, paused);
    }

    @Override
    public void dueNow(StoreId store) throws SQLException {
        board.dueNow(store);
    }

    @Override
    public void began(StoreId store, String instance) throws SQLException {
        running.put(store, Timer.start(registry));
        board.began(store, instance);
    }

    @Override
    public void wentWell(StoreId store, Duration next) throws SQLException {
        ended(store, DONE);
        board.wentWell(store, next);
    }

    @Override
    public void wentWrong(StoreId store, Phase phase, String detail, Duration next) throws SQLException {
        ended(store, result(phase));
        board.wentWrong(store, phase, detail, next);
    }

    @Override
    public Map<StoreId, Entry> entries(Collection<StoreId> stores) throws SQLException {
        return board.entries(stores);
    }

    private void ended(StoreId store, String result) {
        Timer.Sample began = running.remove(store);
        if (began != null) {
            began.stop(timer(result));
        }
    }

    /** A sync that has to wait did not come to its end. */
    private static String result(Phase phase) {
        return phase == Phase.WAITING ? "interrupted" : phase.name().toLowerCase(Locale.ROOT);
    }

    private Timer timer(String result) {
        return Timer.builder("tidemark.order.syncs")
                .description("Syncs of a store that ended, by how")
                .tag("result", result)
                .register(registry);
    }
}
