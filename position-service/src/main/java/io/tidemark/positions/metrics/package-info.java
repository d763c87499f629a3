/** The service's metrics {@code tidemark_*}: decorators that count what passes through the ports, and gauges beside them. */
@NullMarked
package io.tidemark.positions.metrics;

import org.jspecify.annotations.NullMarked;
