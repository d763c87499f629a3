package io.tidemark.core.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Where changes come from.
 *
 * @param database the database; null when the file names none, which {@code tidemark up} answers by starting one
 * @param slot name of the replication slot
 * @param publication name of the publication
 */
public record SourceSettings(@Nullable Database database, String slot, String publication) {

    /**
     * The database, for a service that cannot do without.
     *
     * @throws InvalidPipelineException when none is named, with what to set
     */
    public Database requireDatabase() {
        if (database == null) {
            throw InvalidPipelineException.unset(
                    "source.url", "a PostgreSQL URL like postgresql://user@host:5432/database");
        }
        return database;
    }
}
