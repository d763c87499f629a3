package io.tidemark.core.postgres;

/** A statement named a table, a column or a type that is no longer as its shape says: read the shape again. */
public final class ShapeChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ShapeChangedException(String message, Throwable cause) {
        super(message, cause);
    }
}
