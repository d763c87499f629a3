/** The change stream as Debezium gives it: the only package that knows Debezium and Connect. */
@NullMarked
package io.tidemark.ingest.debezium;

import org.jspecify.annotations.NullMarked;
