/** A small pipeline that keeps Redis in step with one table, late and in order, and can be made to break its word. */
@NullMarked
package io.tidemark.reconciler.standin;

import org.jspecify.annotations.NullMarked;
