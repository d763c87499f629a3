/** Faults on the way between two processes. */
@NullMarked
package io.tidemark.testkit.network;

import org.jspecify.annotations.NullMarked;
