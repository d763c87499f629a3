package io.tidemark.core.document;

/** What a change gives for its row's document. */
public sealed interface DocumentOutcome {

    /**
     * The document, equal by JSON value to {@code to_jsonb(row)} read in UTC.
     *
     * @param json the document in UTF-8; not to be modified
     */
    record Exact(byte[] json) implements DocumentOutcome {}

    /** The change does not carry the row exactly: read it from the database by its key. */
    record ReadAgain(Reason reason) implements DocumentOutcome {}

    /** Why a row has to be read again. */
    enum Reason {
        /** A large value that the change did not touch is not in it. */
        UNCHANGED_VALUE,
        /** A column's type or value has no exact form in a change. */
        INEXACT_TYPE,
        /** The row was too large for a record. */
        VALUE_LEFT_OUT,
        /** The change has other columns or types than the table's shape, or may have. */
        SHAPE_DIFFERS;

        /** Whether the table's shape is to be read again too. */
        public boolean refreshesShape() {
            return this == SHAPE_DIFFERS;
        }
    }
}
