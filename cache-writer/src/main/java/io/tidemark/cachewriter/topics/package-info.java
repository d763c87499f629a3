/** The newest record of each row of a table, and what it says of the row's entries. Knows no Kafka. */
@NullMarked
package io.tidemark.cachewriter.topics;

import org.jspecify.annotations.NullMarked;
