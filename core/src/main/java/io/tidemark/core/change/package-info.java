/** What happened to a row, and where that stands in the stream: changes, versions and Debezium's envelope. */
@NullMarked
package io.tidemark.core.change;

import org.jspecify.annotations.NullMarked;
