/** Takes each store's orders in: a page, one transaction with the orders and the progress, then the checkpoint. */
@NullMarked
package io.tidemark.positions.sync;

import org.jspecify.annotations.NullMarked;
