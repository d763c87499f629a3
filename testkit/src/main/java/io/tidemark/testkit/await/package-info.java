/** Waiting for a condition with a deadline. */
@NullMarked
package io.tidemark.testkit.await;

import org.jspecify.annotations.NullMarked;
