/** A row that goes from commit to Redis all the time, and so gives the freshness that an application sees. */
@NullMarked
package io.tidemark.reconciler.canary;

import org.jspecify.annotations.NullMarked;
