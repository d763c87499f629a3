/** Work that takes longer than a request: in a queue, with progress, and at a pace. Knows nothing of what the work is. */
@NullMarked
package io.tidemark.cachewriter.jobs;

import org.jspecify.annotations.NullMarked;
