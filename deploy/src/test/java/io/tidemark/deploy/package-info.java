/** Checks of what lies in {@code deploy/} and {@code docker/}: the chart, the units, the alerts and their pages. */
@NullMarked
package io.tidemark.deploy;

import org.jspecify.annotations.NullMarked;
