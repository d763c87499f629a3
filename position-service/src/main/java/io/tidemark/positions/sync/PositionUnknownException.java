package io.tidemark.positions.sync;

import io.tidemark.positions.position.StoreId;

/** Nobody who can be asked knows where a store stands: it is left alone, since page 1 is never guessed. */
final class PositionUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PositionUnknownException(StoreId store, Throwable cause) {
        super(
                "store " + store + ": the database has no progress of it and its position could not be recovered ("
                        + cause.getMessage() + "); it is not begun at page 1 by guess, and tried again",
                cause);
    }
}
