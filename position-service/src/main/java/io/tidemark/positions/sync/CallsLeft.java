package io.tidemark.positions.sync;

import io.tidemark.positions.budget.CallBudget;
import io.tidemark.positions.position.StoreId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The calls left as people are shown them: asked for a few seconds ago at most, since the database counts them. Thread-safe. */
final class CallsLeft {
    private static final long FRESH_FOR = Duration.ofSeconds(5).toNanos();

    private record Seen(List<CallBudget.CallsLeft> left, long at) {}

    private final CallBudget budget;
    private final Map<StoreId, Seen> seen = new ConcurrentHashMap<>();

    CallsLeft(CallBudget budget) {
        this.budget = budget;
    }

    List<CallBudget.CallsLeft> of(StoreId store) {
        Seen last = seen.get(store);
        if (last == null || System.nanoTime() - last.at() > FRESH_FOR) {
            last = new Seen(budget.left(store), System.nanoTime());
            seen.put(store, last);
        }
        return last.left();
    }
}
