/** The web console: the positions page, live, served whole from this program. */
@NullMarked
package io.tidemark.positions.console;

import org.jspecify.annotations.NullMarked;
