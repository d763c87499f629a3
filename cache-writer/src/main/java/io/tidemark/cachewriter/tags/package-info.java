/** Which tags a change makes stale, what has to be remembered of rows for that, and how stale entries are swept away. */
@NullMarked
package io.tidemark.cachewriter.tags;

import org.jspecify.annotations.NullMarked;
