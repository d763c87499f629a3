package io.tidemark.positions.feed;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.tidemark.positions.budget.CallBudget;
import io.tidemark.positions.feed.OrderApiException.BudgetSpent;
import io.tidemark.positions.feed.OrderApiException.TooManyCalls;
import io.tidemark.positions.feed.OrderApiException.Unavailable;
import io.tidemark.positions.feed.OrderApiException.Unreadable;
import io.tidemark.positions.position.StoreId;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls another API within its limits, leaves it alone when it asks for it, and tries again what may pass, later each
 * time and never in step with others. Every try is counted. Thread-safe.
 */
public final class PoliteOrderApi implements OrderApi {
    private static final Logger LOG = LoggerFactory.getLogger(PoliteOrderApi.class);

    /**
     * How patient it is.
     *
     * @param tries calls for one page, 1 and up
     * @param firstPause before the second try, about; the pauses double
     * @param longestPause between two tries, about
     * @param longestWait for a call to become free; when it takes longer, the page is given up for now
     */
    public record Patience(int tries, Duration firstPause, Duration longestPause, Duration longestWait) {
        /** Four tries, pauses from half a second to 8 s, up to 30 s for a free call. */
        public static final Patience USUAL =
                new Patience(4, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(30));
    }

    private final OrderApi api;
    private final CallBudget budget;
    private final Patience patience;
    private final RetryPolicy<OrderPage> policy;

    public PoliteOrderApi(OrderApi api, CallBudget budget, Patience patience) {
        this.api = api;
        this.budget = budget;
        this.patience = patience;
        this.policy = RetryPolicy.<OrderPage>builder()
                .handle(Unavailable.class, Unreadable.class, TooManyCalls.class)
                .withMaxRetries(patience.tries() - 1)
                .withBackoff(patience.firstPause(), patience.longestPause())
                .withJitter(0.5)
                .onRetryScheduled(event -> LOG.info(
                        "{}; try {} of {} follows",
                        event.getLastException().getMessage(),
                        event.getAttemptCount() + 1,
                        patience.tries()))
                .build();
    }

    @Override
    public OrderPage read(StoreId store, PageRequest request) throws OrderApiException, InterruptedException {
        try {
            return Failsafe.with(policy).get(() -> once(store, request));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof OrderApiException failure) {
                throw failure;
            }
            if (e.getCause() instanceof InterruptedException) {
                throw interrupted(e);
            }
            throw e;
        }
    }

    private OrderPage once(StoreId store, PageRequest request) throws OrderApiException, InterruptedException {
        awaitCall(store);
        try {
            return api.read(store, request);
        } catch (TooManyCalls told) {
            budget.leaveAlone(store, told.retryAfter());
            throw told;
        }
    }

    private void awaitCall(StoreId store) throws OrderApiException, InterruptedException {
        long deadline = System.nanoTime() + patience.longestWait().toNanos();
        Duration wait = budget.take(store);
        while (!wait.isZero()) {
            if (System.nanoTime() + wait.toNanos() > deadline) {
                throw new BudgetSpent(store, wait);
            }
            // One more millisecond, so that the call is free for sure when it is asked for again.
            Thread.sleep(wait.toMillis() + 1);
            wait = budget.take(store);
        }
    }

    private static InterruptedException interrupted(FailsafeException cause) {
        // Cleared because the exception says it; Failsafe has set it.
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException("interrupted while reading a page");
        interrupted.initCause(cause);
        return interrupted;
    }
}
