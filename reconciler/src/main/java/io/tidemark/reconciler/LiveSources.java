package io.tidemark.reconciler;

import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.kafka.AppliedLsn;
import io.tidemark.reconciler.postgres.TableRows;
import io.tidemark.reconciler.verify.Applied;
import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Rows;
import io.tidemark.reconciler.verify.Sources;
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
    public Rows rows(Cache cache) throws SQLException {
        return TableRows.open(database, cache);
    }

    @Override
    public Entries entries() {
        return startup.entries();
    }

    @Override
    public Applied applied() {
        return applied;
    }
}
