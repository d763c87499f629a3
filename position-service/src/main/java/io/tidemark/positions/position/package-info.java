/** How far each store's order feed was taken in: positions, their order, checkpoints and their health; no I/O. */
@NullMarked
package io.tidemark.positions.position;

import org.jspecify.annotations.NullMarked;
