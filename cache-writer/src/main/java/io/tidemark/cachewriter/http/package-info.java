/** The service's pages: progress, health and metrics. */
@NullMarked
package io.tidemark.cachewriter.http;

import org.jspecify.annotations.NullMarked;
