/** What ingest-service answers over HTTP. */
@NullMarked
package io.tidemark.ingest.http;

import org.jspecify.annotations.NullMarked;
