/** The product as processes, started and killed by tests. */
@NullMarked
package io.tidemark.systemtests.product;

import org.jspecify.annotations.NullMarked;
