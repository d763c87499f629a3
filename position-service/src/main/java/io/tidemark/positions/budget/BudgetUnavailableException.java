package io.tidemark.positions.budget;

import io.tidemark.positions.position.StoreId;
import java.io.Serial;

/** The database cannot be asked for a store's calls left, so none may be made. */
public final class BudgetUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public BudgetUnavailableException(StoreId store, Throwable cause) {
        super("store " + store + ": its API calls left are counted in the database, which cannot be asked", cause);
    }
}
