package io.tidemark.reconciler;

import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.kafka.AppliedLsn;
import io.tidemark.reconciler.postgres.QueryRows;
import io.tidemark.reconciler.postgres.TableRows;
import io.tidemark.reconciler.verify.Applied;
import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Rows;
import io.tidemark.reconciler.verify.Sources;
import io.tidemark.reconciler.verify.Subject;
import java.sql.SQLException;

/** The real PostgreSQL, Redis and Kafka. Thread-safe. */
final class LiveSources implements Sources {
    private final SourceDatabase database;
    private final Startup startup;
    private final AppliedLsn applied;

    LiveSources(SourceDatabase database, Startup startup, AppliedLsn applied) {
        this.database = database;
        this.startup = startup;
        this.applied = applied;
    }

    @Override
    public Rows rows(Subject cache) throws SQLException {
        if (cache instanceof Subject.OfRows rows) {
            return TableRows.open(database, rows.cache());
        }
        return QueryRows.open(database, ((Subject.OfQuery) cache).cache());
    }

    @Override
    public Entries entries(Subject cache) {
        return cache instanceof Subject.OfQuery query
                ? startup.entries().ofQuery(query.cache())
                : startup.entries().in(cache.format());
    }

    @Override
    public Applied applied(Subject cache) {
        return cache instanceof Subject.OfQuery query ? startup.entries().readAfter(applied, query.cache()) : applied;
    }
}
