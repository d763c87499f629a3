/** Everything that {@code up} and {@code demo} start on this machine, kept running and stopped in order. */
@NullMarked
package io.tidemark.cli.stack;

import org.jspecify.annotations.NullMarked;
