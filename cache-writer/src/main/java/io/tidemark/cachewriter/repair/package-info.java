/** Repairs entries that the reconciler found to differ from the database. */
@NullMarked
package io.tidemark.cachewriter.repair;

import org.jspecify.annotations.NullMarked;
