/** The service's HTTP pages. */
@NullMarked
package io.tidemark.reconciler.http;

import org.jspecify.annotations.NullMarked;
