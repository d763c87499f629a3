/** The followed tables as they are shaped now, the connection to their database, and what follows when a shape changes. */
@NullMarked
package io.tidemark.cachewriter.table;

import org.jspecify.annotations.NullMarked;
