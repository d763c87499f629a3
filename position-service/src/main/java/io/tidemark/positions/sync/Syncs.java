package io.tidemark.positions.sync;

import io.tidemark.positions.budget.CallBudget;
import io.tidemark.positions.feed.OrderApiException;
import io.tidemark.positions.feed.OrderApiException.BudgetSpent;
import io.tidemark.positions.feed.OrderApiException.Forbidden;
import io.tidemark.positions.feed.OrderApiException.TooManyCalls;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.position.SyncState;
import io.tidemark.positions.position.SyncState.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every store synced: whichever instance finds a store due and free takes it. A store's trouble is its own; the
 * others go on. Thread-safe.
 */
public final class Syncs implements StoreSyncs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Syncs.class);

    /** Gives the right to sync a store. */
    @FunctionalInterface
    public interface Sessions {
        /** Empty while another instance, or thread, has the store. */
        Optional<StoreSession> open(StoreId store) throws SQLException;
    }

    /**
     * When what is done.
     *
     * @param parallel stores synced at a time by this instance
     * @param every from the end of a store's sync to its next
     * @param look how often to look for stores that are due
     * @param afterTrouble until a store is tried again after a failure
     * @param afterRefusal until a store is tried again whose token was refused
     */
    public record Rhythm(int parallel, Duration every, Duration look, Duration afterTrouble, Duration afterRefusal) {}

    private final List<StoreId> stores;
    private final StoreSync sync;
    private final StoreBoard board;
    private final CallsLeft callsLeft;
    private final Sessions sessions;
    private final Rhythm rhythm;
    private final String instance;
    private final Set<StoreId> inHand = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looker =
            Executors.newSingleThreadScheduledExecutor(task -> named(task, "look"));
    private final ExecutorService workers;
    private boolean tablesThere;

    /** @param instance what this instance is called on the board */
    public Syncs(
            List<StoreId> stores,
            StoreSync sync,
            StoreBoard board,
            CallBudget budget,
            Sessions sessions,
            Rhythm rhythm,
            String instance) {
        this.stores = List.copyOf(stores);
        this.sync = sync;
        this.board = board;
        this.callsLeft = new CallsLeft(budget);
        this.sessions = sessions;
        this.rhythm = rhythm;
        this.instance = instance;
        this.workers = Executors.newFixedThreadPool(rhythm.parallel(), task -> named(task, "sync"));
    }

    /**
     * Begins in the background: makes the tables as soon as the database lets it, then looks for stores that are due.
     *
     * @param makeTables tried until it does not throw
     */
    public void start(Runnable makeTables) {
        looker.scheduleWithFixedDelay(() -> look(makeTables), 0, rhythm.look().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(Runnable makeTables) {
        try {
            if (!tablesThere) {
                makeTables.run();
                tablesThere = true;
            }
            if (inHand.size() < rhythm.parallel()) {
                board.register(stores);
                for (StoreId store : board.due(stores)) {
                    if (inHand.size() < rhythm.parallel() && inHand.add(store)) {
                        workers.execute(() -> takeUp(store));
                    }
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "the stores that are due cannot be looked up; it is tried again in {} ms",
                    rhythm.look().toMillis(),
                    e);
        }
    }

    private void takeUp(StoreId store) {
        try {
            Optional<StoreSession> session = sessions.open(store);
            if (session.isPresent()) {
                try (StoreSession own = session.get()) {
                    syncWith(own, store);
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("store {}: not synced: the database does not let it", store, e);
        } finally {
            inHand.remove(store);
        }
    }

    private void syncWith(StoreSession session, StoreId store) throws SQLException {
        board.began(store, instance);
        try {
            StoreSync.Outcome outcome = sync.run(store, session);
            LOG.debug(
                    "store {}: {} orders added, {} changed, in {} calls",
                    store,
                    outcome.saved().added(),
                    outcome.saved().changed(),
                    outcome.pages());
            board.wentWell(store, outcome.reachedEnd() ? rhythm.every() : Duration.ZERO);
        } catch (OrderApiException e) {
            trouble(store, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            board.wentWrong(store, Phase.WAITING, "", Duration.ZERO);
        } catch (PositionUnknownException e) {
            LOG.warn("{}", e.getMessage());
            board.wentWrong(store, Phase.WAITING, String.valueOf(e.getMessage()), rhythm.afterTrouble());
        } catch (SQLException | RuntimeException e) {
            LOG.warn("store {}: its sync stopped; it begins again where the database stands", store, e);
            board.wentWrong(
                    store,
                    Phase.WAITING,
                    "store " + store + ": the database or this service failed ("
                            + e.getClass().getSimpleName() + "), see the log",
                    rhythm.afterTrouble());
        }
    }

    private void trouble(StoreId store, OrderApiException e) throws SQLException {
        String what = String.valueOf(e.getMessage());
        if (e instanceof Forbidden) {
            LOG.warn("{}", what);
            board.wentWrong(store, Phase.REFUSED, what, rhythm.afterRefusal());
        } else if (e instanceof BudgetSpent spent) {
            LOG.info("{}", what);
            board.wentWrong(store, Phase.WAITING, what, spent.until());
        } else if (e instanceof TooManyCalls told) {
            LOG.info("{}", what);
            board.wentWrong(store, Phase.WAITING, what, told.retryAfter());
        } else {
            LOG.warn(
                    "{}; the next sync begins where this one came to, in {} s",
                    what,
                    rhythm.afterTrouble().toSeconds());
            board.wentWrong(store, Phase.WAITING, what, rhythm.afterTrouble());
        }
    }

    @Override
    public List<StoreId> stores() {
        return stores;
    }

    @Override
    public SyncState state(StoreId store) {
        return states(List.of(store)).getOrDefault(store, SyncState.unknown());
    }

    @Override
    public Map<StoreId, SyncState> states() {
        return states(stores);
    }

    private Map<StoreId, SyncState> states(List<StoreId> some) {
        Map<StoreId, SyncState> states = new HashMap<>();
        try {
            for (Map.Entry<StoreId, StoreBoard.Entry> one : board.entries(some).entrySet()) {
                StoreBoard.Entry entry = one.getValue();
                List<CallBudget.CallsLeft> left = callsLeft.of(one.getKey());
                states.put(
                        one.getKey(),
                        new SyncState(
                                entry.phase(),
                                entry.syncedAt(),
                                Optional.of(entry.detail()).filter(detail -> !detail.isEmpty()),
                                left(left, Duration.ofHours(1)),
                                left(left, Duration.ofDays(1))));
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("the stores' states cannot be looked up", e);
        }
        return states;
    }

    private static OptionalLong left(List<CallBudget.CallsLeft> left, Duration span) {
        return left.stream()
                .filter(one -> one.limit().span().equals(span))
                .mapToLong(CallBudget.CallsLeft::left)
                .findFirst();
    }

    @Override
    public void syncNow(StoreId store) {
        asked("sync of", store, () -> board.dueNow(store));
    }

    @Override
    public void pause(StoreId store) {
        asked("pause of", store, () -> board.pause(store, true));
    }

    @Override
    public void resume(StoreId store) {
        asked("end of the pause of", store, () -> board.pause(store, false));
    }

    private interface Wish {
        void put() throws SQLException;
    }

    private static void asked(String what, StoreId store, Wish wish) {
        try {
            wish.put();
        } catch (SQLException e) {
            throw new IllegalStateException("the " + what + " store " + store + " could not be written down", e);
        }
    }

    /** Stops: a page that is being read is given up, a transaction that runs is finished. Waits up to 10 s. */
    @Override
    public void close() {
        looker.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("a sync did not stop within 10 s; its transaction is rolled back when this process ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread named(Runnable task, String name) {
        Thread thread = new Thread(task, "feed-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
