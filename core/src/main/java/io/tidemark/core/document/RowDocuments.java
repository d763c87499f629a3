package io.tidemark.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.document.DocumentOutcome.Exact;
import io.tidemark.core.document.DocumentOutcome.ReadAgain;
import io.tidemark.core.document.DocumentOutcome.Reason;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ExactJson;
import io.tidemark.core.postgres.TableShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The row documents of one table of one shape. Thread-safe.
 *
 * <p>docs/types.md says which types a change carries exactly.
 */
public final class RowDocuments {
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectReader READER = ExactJson.reader();

    /**
     * PostgreSQL's order of a jsonb object's members: shorter names first, then by their bytes. Documents that have it too
     * are compared with the database's without reading either.
     */
    private static final Comparator<Column> IN_ORDER_OF_JSONB = Comparator.comparing(
            column -> column.name().getBytes(UTF_8),
            Comparator.<byte[]>comparingInt(name -> name.length).thenComparing(Arrays::compareUnsigned));

    private final TableShape shape;
    private final Predicate<String> inDocument;
    private final long distrustedUpToLsn;
    private final List<ColumnForm> document;
    private final List<String> left;
    private final List<ColumnForm> key;
    private final boolean alwaysReadAgain;

    /**
     * @param shape the table as it is now
     * @param inDocument says of a column's name whether documents have it
     */
    public RowDocuments(TableShape shape, Predicate<String> inDocument) {
        this(shape, inDocument, 0);
    }

    /**
     * For a table whose shape has changed: a change of before may look as if it fitted and mean something else, days
     * for microseconds say.
     *
     * @param distrustedUpToLsn changes committed up to here are not taken; an LSN read after the shape was, see
     *     {@link io.tidemark.core.postgres.WalPosition}
     */
    public RowDocuments(TableShape shape, Predicate<String> inDocument, long distrustedUpToLsn) {
        this.shape = shape;
        this.inDocument = inDocument;
        this.distrustedUpToLsn = distrustedUpToLsn;
        this.document = shape.columns().stream()
                .filter(column -> inDocument.test(column.name()))
                .sorted(IN_ORDER_OF_JSONB)
                .map(ColumnForm::of)
                .toList();
        this.left = shape.columns().stream()
                .map(column -> column.name())
                .filter(inDocument.negate())
                .toList();
        this.key = shape.keyColumns().stream().map(ColumnForm::of).toList();
        this.alwaysReadAgain = document.stream().anyMatch(column -> column.form() == ValueForm.NEVER);
    }

    /**
     * The document of the row that the change leaves.
     *
     * @throws IllegalArgumentException when the change leaves no row
     */
    public DocumentOutcome of(Change change) {
        if (!change.operation().leavesRow()) {
            throw new IllegalArgumentException("BUG: a change that leaves no row has no document");
        }
        ObjectNode row = change.after();
        if (change.valueLeftOut() || row == null) {
            return new ReadAgain(Reason.VALUE_LEFT_OUT);
        }
        if (hasOtherColumns(row)
                || Long.compareUnsigned(change.version().commitLsn(), distrustedUpToLsn) <= 0
                        && distrustedUpToLsn != 0) {
            return new ReadAgain(Reason.SHAPE_DIFFERS);
        }
        return alwaysReadAgain ? new ReadAgain(Reason.INEXACT_TYPE) : write(row);
    }

    /** Whether the row lacks a column of the document or has one that the document would need and the shape lacks. */
    private boolean hasOtherColumns(ObjectNode row) {
        int known = 0;
        for (ColumnForm column : document) {
            if (row.has(column.name())) {
                known++;
            } else if (!column.mayBeAbsent()) {
                return true;
            }
        }
        for (String column : left) {
            known += row.has(column) ? 1 : 0;
        }
        return known != row.size() && hasUnknown(row);
    }

    private boolean hasUnknown(ObjectNode row) {
        for (Iterator<String> names = row.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (inDocument.test(name) && shape.column(name).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private DocumentOutcome write(ObjectNode row) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(JSON._getBufferRecycler());
                JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            for (ColumnForm column : document) {
                JsonNode value = row.get(column.name());
                Reason reason = value == null ? column.absent() : column.write(value, out);
                if (reason != null) {
                    return new ReadAgain(reason);
                }
            }
            out.writeEndObject();
            out.flush();
            return new Exact(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("BUG: writing to memory cannot fail", e);
        }
    }

    /**
     * The row's primary key in {@code to_jsonb} form, its columns in the key's order.
     *
     * @throws UnreadableChangeException when the change's key has other columns or values than the shape's primary key
     *     can have, or values that a change does not carry exactly
     */
    public ObjectNode keyOf(Change change) {
        ObjectNode came = change.key();
        if (came == null) {
            throw new IllegalArgumentException("BUG: a TRUNCATE has no key");
        }
        ObjectNode made = came.objectNode();
        for (ColumnForm column : key) {
            JsonNode value = came.get(column.name());
            if (value == null || value.isNull()) {
                throw new UnreadableChangeException("key: expected column " + column.name() + " of " + shape.table()
                        + "'s primary key, found " + (value == null ? "none" : "null"));
            }
            made.set(column.name(), keyValue(column, value));
        }
        return made;
    }

    private JsonNode keyValue(ColumnForm column, JsonNode value) {
        if (column.isAsItCame(value)) {
            return value;
        }
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(JSON._getBufferRecycler());
                JsonGenerator out = JSON.createGenerator(bytes)) {
            Reason reason = column.form().write(value, out);
            if (reason != null) {
                throw new UnreadableChangeException("key: expected a value of " + shape.table() + "'s column "
                        + column.name() + ", found one that is none or has no exact form in a change");
            }
            out.flush();
            return READER.readTree(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("BUG: writing to memory and reading it back cannot fail", e);
        }
    }
}
