/** Positions and the order feed, with the real services and the simulated API. */
@NullMarked
package io.tidemark.systemtests.positions;

import org.jspecify.annotations.NullMarked;
