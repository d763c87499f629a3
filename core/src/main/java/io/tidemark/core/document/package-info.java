/** Turns a change into the document that {@code to_jsonb(row)} would give, or says that the row must be read again. */
@NullMarked
package io.tidemark.core.document;

import org.jspecify.annotations.NullMarked;
