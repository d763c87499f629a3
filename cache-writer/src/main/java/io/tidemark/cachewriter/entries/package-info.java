/** The entries as the writer sees them: what can be done to one, and what comes of it. */
@NullMarked
package io.tidemark.cachewriter.entries;

import org.jspecify.annotations.NullMarked;
