/** Which life of the change stream this is, and whether a new one has to begin: pure decisions. */
@NullMarked
package io.tidemark.ingest.epoch;

import org.jspecify.annotations.NullMarked;
