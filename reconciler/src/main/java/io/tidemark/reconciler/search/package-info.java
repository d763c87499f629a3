/** The search data: read again as a whole, kind by kind. */
@NullMarked
package io.tidemark.reconciler.search;

import org.jspecify.annotations.NullMarked;
