package io.tidemark.positions.budget;

import io.tidemark.positions.position.StoreId;
import java.time.Duration;
import java.util.List;

/** The calls that each store may still make, shared by all instances. Safe for use by several threads. */
public interface CallBudget {

    /**
     * What is left of one limit at this moment.
     *
     * @param limit the API's limit
     * @param left calls that could be made at once; fewer than the limit leaves, since some are kept for later
     */
    record CallsLeft(CallLimit limit, long left) {}

    /** Takes one call if there is one. Zero when it was taken, else how long to wait before asking again. */
    Duration take(StoreId store);

    /** Nobody calls for this store for that long: the API asked for it. Never shortens an earlier such time. */
    void leaveAlone(StoreId store, Duration howLong);

    /** What is left, the narrowest limit first. */
    List<CallsLeft> left(StoreId store);
}
