/** End-to-end speed of the real services on real servers, and the cost of core's inner loops. Prints figures, judges nothing. */
@NullMarked
package io.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;
