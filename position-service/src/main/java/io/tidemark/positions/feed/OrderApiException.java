package io.tidemark.positions.feed;

import io.tidemark.positions.position.StoreId;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why there is no page. The message names the store and the cause and holds nothing of an order. */
public abstract sealed class OrderApiException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private OrderApiException(StoreId store, String what, @Nullable Throwable cause) {
        super("store " + store + ": " + what, cause);
    }

    /** The token is not, or no longer, accepted: the store's own state, to be mended by a person. */
    public static final class Forbidden extends OrderApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Forbidden(StoreId store, String what) {
            super(store, what, null);
        }
    }

    /** The API asks to be left alone for a while. */
    public static final class TooManyCalls extends OrderApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        public TooManyCalls(StoreId store, Duration retryAfter) {
            super(
                    store,
                    "the API answered 429, too many calls; it is left alone for " + retryAfter.toSeconds() + " s",
                    null);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** Our own count says that one more call would break a limit. */
    public static final class BudgetSpent extends OrderApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final Duration until;

        public BudgetSpent(StoreId store, Duration until) {
            super(
                    store,
                    "its API calls are used up; the next may be made in " + Math.max(1, until.toSeconds()) + " s",
                    null);
            this.until = until;
        }

        /** How long until a call may be made. */
        public Duration until() {
            return until;
        }
    }

    /** No answer, or one that says the API is not well: worth another try. */
    public static final class Unavailable extends OrderApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Unavailable(StoreId store, String what, @Nullable Throwable cause) {
            super(store, what, cause);
        }
    }

    /** An answer that is not a page of orders: worth another try, since proxies do that. */
    public static final class Unreadable extends OrderApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        public Unreadable(StoreId store, String what) {
            super(store, what, null);
        }
    }

    /** The API does not know the cursor any more: the place must be searched for by page. */
    public static final class CursorLost extends OrderApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        public CursorLost(StoreId store, String what) {
            super(store, what, null);
        }
    }
}
