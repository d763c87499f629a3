/** What the database knows of the orders taken in, read by index. */
@NullMarked
package io.tidemark.positions.postgres;

import org.jspecify.annotations.NullMarked;
