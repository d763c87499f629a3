package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.Job;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which caches this cache-writer is warming, and which of the others' it may go on with. What is under way lies in Redis; the orders
 * of those that failed are remembered here too, as Redis may have lost them by the time it is back. Thread-safe.
 */
final class WarmTurns implements WarmRun.Notes {
    private static final long HOLD_MILLIS = 4_000;
    private static final long FIRST_PAUSE_SECONDS = 2;
    private static final long LONGEST_PAUSE_SECONDS = 300;

    private final WarmStore store;
    private final String worker = UUID.randomUUID().toString();
    private final Map<String, Active> active = new ConcurrentHashMap<>();
    private final Map<String, WarmOrder> failed = new ConcurrentHashMap<>();
    private volatile long pauseSeconds;
    private volatile long notBeforeNanos = System.nanoTime();

    private record Active(Job job, WarmOrder order) {}

    WarmTurns(WarmStore store) {
        this.store = store;
    }

    /** What an earlier warming of a cache has left. */
    Optional<WarmOrder> earlier(String cache) {
        return Optional.ofNullable(store.orders().get(cache)).flatMap(WarmOrder::parse);
    }

    /** Begins a cache; false while another cache-writer warms it. */
    boolean begin(String cache, WarmOrder order, Job job) {
        if (!store.hold(cache, worker, HOLD_MILLIS)) {
            return false;
        }
        active.put(cache, new Active(job, order));
        store.keep(cache, order.text());
        return true;
    }

    /** It is over, however it ended, or another one goes on with it. */
    void end(String cache) {
        active.remove(cache);
        pauseSeconds = 0;
        store.letGo(cache, worker);
    }

    /** Whether somebody is at a cache, or will go on with it by himself. */
    static boolean isUnderWay(@Nullable String order) {
        return order != null
                && WarmOrder.parse(order).filter(found -> !found.held()).isPresent();
    }

    /**
     * What was cut short and nobody is at, now taken by this one, which gives it to a job by {@link #given}.
     *
     * @param isKnown whether a cache is in the pipeline file; others are left to whoever knows them
     */
    Map<String, WarmOrder> cut(Predicate<String> isKnown) {
        active.forEach(this::lookAt);
        Map<String, WarmOrder> cut = new LinkedHashMap<>();
        if (System.nanoTime() - notBeforeNanos < 0) {
            return cut;
        }
        Map<String, String> orders = store.orders();
        failed.forEach((cache, order) -> {
            if (!orders.containsKey(cache) && !active.containsKey(cache)) {
                take(cache, order.anew(), cut);
            }
        });
        failed.clear();
        orders.forEach((cache, text) -> {
            if (isKnown.test(cache) && isUnderWay(text) && !active.containsKey(cache)) {
                WarmOrder.parse(text).ifPresent(order -> take(cache, order, cut));
            }
        });
        return cut;
    }

    private void take(String cache, WarmOrder order, Map<String, WarmOrder> cut) {
        if (store.hold(cache, worker, HOLD_MILLIS)) {
            cut.put(cache, order);
        }
    }

    /** These are a job's now, which may have to wait for its turn. */
    void given(Map<String, WarmOrder> orders, Job job) {
        orders.forEach((cache, order) -> active.putIfAbsent(cache, new Active(job, order)));
    }

    private void lookAt(String cache, Active one) {
        Job.State state = one.job().state();
        if (!state.isOver() || !active.remove(cache, one)) {
            return;
        }
        if (state == Job.State.FAILED) {
            // Something is away, most likely for longer than a moment.
            failed.put(cache, one.order());
            pauseSeconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(FIRST_PAUSE_SECONDS, 2 * pauseSeconds));
            notBeforeNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(pauseSeconds);
        } else {
            pauseSeconds = 0;
        }
    }

    @Override
    public void keep(String cache, WarmOrder order) {
        store.keep(cache, order.text());
    }

    @Override
    public boolean advance(String cache, WarmOrder from, @Nullable WarmOrder next) {
        return store.advance(cache, from.text(), next == null ? null : next.text());
    }

    @Override
    public void hold(String cache) {
        // Those that wait for their turn too.
        active.keySet().forEach(name -> store.hold(name, worker, HOLD_MILLIS));
    }
}
