/** What ingest-service asks of PostgreSQL and makes in it: the slot, the publication, visibility, the WAL's position. */
@NullMarked
package io.tidemark.ingest.postgres;

import org.jspecify.annotations.NullMarked;
