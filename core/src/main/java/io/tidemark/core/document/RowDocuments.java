package io.tidemark.core.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Change;
import io.tidemark.core.postgres.TableShape;
import java.util.function.Predicate;

/** The row documents of one table of one shape. Thread-safe. */
public final class RowDocuments {
    private final TableShape shape;
    private final Predicate<String> inDocument;

    /**
     * @param shape the table as it is now
     * @param inDocument says of a column's name whether documents have it
     */
    public RowDocuments(TableShape shape, Predicate<String> inDocument) {
        this.shape = shape;
        this.inDocument = inDocument;
    }

    /** The document of the row that the change leaves; the operation must be one that leaves a row. */
    public DocumentOutcome of(Change change) {
        throw new UnsupportedOperationException("not yet" + shape + inDocument + change);
    }

    /**
     * The row's primary key in {@code to_jsonb} form, its columns in the key's order.
     *
     * @throws io.tidemark.core.change.UnreadableChangeException when the change's key has other columns or values than
     *     the shape's primary key can have
     */
    public ObjectNode keyOf(Change change) {
        throw new UnsupportedOperationException("not yet" + change);
    }
}
