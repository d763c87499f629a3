/** What the reconciler asks cache-writer to repair. */
@NullMarked
package io.tidemark.core.repair;

import org.jspecify.annotations.NullMarked;
