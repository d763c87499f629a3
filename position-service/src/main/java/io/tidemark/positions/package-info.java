/** position-service: the outside order feed, its positions, and the console. */
@NullMarked
package io.tidemark.positions;

import org.jspecify.annotations.NullMarked;
