package io.tidemark.reconciler;

import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.cause.Causes;
import io.tidemark.reconciler.cause.RareStream;
import io.tidemark.reconciler.cause.Stream;
import io.tidemark.reconciler.cause.Traces;
import io.tidemark.reconciler.kafka.AppliedLsn;
import io.tidemark.reconciler.postgres.QueryRows;
import io.tidemark.reconciler.postgres.TableRows;
import io.tidemark.reconciler.repair.Mending;
import io.tidemark.reconciler.repair.Repairs;
import io.tidemark.reconciler.sampler.Sampler;
import io.tidemark.reconciler.verify.Applied;
import io.tidemark.reconciler.verify.Compared;
import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Findings;
import io.tidemark.reconciler.verify.Order;
import io.tidemark.reconciler.verify.Rows;
import io.tidemark.reconciler.verify.Sources;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The real PostgreSQL, Redis and Kafka. Thread-safe. */
final class LiveSources implements Sources {
    /** How long cache-writer may take to notice that Redis was emptied. */
    private static final Duration NEW_LIFE = Duration.ofSeconds(60);

    /** How often the sampler may look through Kafka for causes. */
    private static final Duration SEARCH_EVERY = Duration.ofSeconds(60);

    private final SourceDatabase database;
    private final Startup startup;
    private final AppliedLsn applied;
    private final Stream stream;
    private final Stream rareStream;
    private final Repairs repairs;
    private final Lock turn = new ReentrantLock(true);

    LiveSources(SourceDatabase database, Startup startup, AppliedLsn applied, Stream stream, Repairs repairs) {
        this.database = database;
        this.startup = startup;
        this.applied = applied;
        this.stream = stream;
        this.rareStream = new RareStream(stream, SEARCH_EVERY, System::nanoTime);
        this.repairs = repairs;
    }

    @Override
    public Findings findings(String run, Subject cache, Order order, Compared compared, Tally tally) {
        Traces traces = cache instanceof Subject.OfQuery query
                ? startup.entries().tracesOf(query.cache())
                : startup.entries().traces();
        Causes causes = new Causes(cache, traces, run.equals(Sampler.RUN) ? rareStream : stream, tally);
        Mending.Ordered ordered = new Mending.Ordered(run, cache, order.mode());
        return new Mending(ordered, causes, repairs, compared, tally);
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
    public Lock turn() {
        return turn;
    }

    @Override
    public Applied applied(Subject cache) {
        Applied changes = startup.entries().inThisLife(applied, applied::lives, NEW_LIFE);
        return cache instanceof Subject.OfQuery query ? startup.entries().readAfter(changes, query.cache()) : changes;
    }
}
