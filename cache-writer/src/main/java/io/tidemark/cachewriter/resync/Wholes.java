package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.InOneLife;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.cachewriter.topics.RowRecords;
import io.tidemark.cachewriter.topics.RowTopics;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the caches of the pipeline file. Thread-safe. */
public final class Wholes {
    private final Pipeline pipeline;
    private final Tables tables;
    private final Supplier<SourceSession> sessions;
    private final Entries entries;
    private final Held held;
    private final Queries queries;
    private final RowTopics topics;
    private final Supplier<@Nullable String> life;
    private final Choosing choosing;

    /** Opens those that are read from the database. */
    @FunctionalInterface
    public interface Queries {
        @Nullable
        Whole open(String cache) throws SQLException, InterruptedException;
    }

    /**
     * @param sessions gives a new one each time, which connects when it is first used
     * @param life the life of Redis's data set as it is known now
     */
    public Wholes(
            Pipeline pipeline,
            Tables tables,
            Supplier<SourceSession> sessions,
            Entries entries,
            Held held,
            Queries queries,
            RowTopics topics,
            Supplier<@Nullable String> life) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.sessions = sessions;
        this.entries = entries;
        this.held = held;
        this.queries = queries;
        this.topics = topics;
        this.life = life;
        this.choosing = new Choosing(pipeline, tables);
    }

    /** The names of all, in the order of the file. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        pipeline.caches().stream().map(Cache::name).forEach(names::add);
        pipeline.queries().caches().stream().map(QueryCache::name).forEach(names::add);
        return names;
    }

    /** Whether the entries of one of the names are rows of a table. */
    boolean isOfRows(String name) {
        return pipeline.cache(name).isPresent();
    }

    /** Opens one of the names; whoever asks closes it. */
    Whole open(String name) throws SQLException, InterruptedException {
        Whole query = queries.open(name);
        if (query != null) {
            return query;
        }
        Opened row = row(name);
        Refilling refilling = new Refilling(row.target(), entries, List.of(sessions.get(), sessions.get()));
        return new RowsWhole(row.table(), row.target(), sessions.get(), refilling, entries, held);
    }

    /**
     * Opens one of the names that has a topic; whoever asks closes it.
     *
     * @param chosen null for all its entries
     */
    TopicWhole ofTopic(String name, @Nullable Chosen chosen) throws SQLException {
        Opened row = row(name);
        Target target = row.target();
        SourceSession session = sessions.get();
        Refilling refilling = new Refilling(target, entries, List.of(sessions.get()));
        ByKeys database = new ByKeys(target, session, new Comparing(target, entries, held), refilling);
        RowRecords records = new RowRecords(row.table(), target, session);
        InOneLife ofLife = new InOneLife(entries);
        ofLife.set(String.valueOf(life.get()));
        return new TopicWhole(target, new TopicWhole.Means(topics, records, ofLife, held, database), chosen, () -> {
            refilling.close();
            session.close();
        });
    }

    /** Why a cache can not be brought back from Kafka; null when it can. */
    @Nullable
    String refusesKafka(String name) {
        if (pipeline.cache(name).isEmpty()) {
            return "cache " + name + " is read by a query, so that no topic holds its entries";
        }
        return pipeline.upkeep().resyncOf(name).strategy().followsChanges()
                ? null
                : "changes do not reach cache " + name + ", its resync strategy is time";
    }

    /** @throws io.tidemark.cachewriter.jobs.RefusedException when Kafka has no topic of its table */
    void requireTopic(String name) {
        topics.records(pipeline.cache(name).orElseThrow().table());
    }

    Choosing choosing() {
        return choosing;
    }

    private record Opened(FollowedTable table, Target target) {}

    private Opened row(String name) throws SQLException {
        Cache cache = pipeline.cache(name).orElseThrow();
        FollowedTable table = tables.of(cache.table())
                .orElseThrow(() -> new SQLException("table " + cache.table() + " is not known yet"));
        Target target = table.targets().stream()
                .filter(one -> one.cache().name().equals(name))
                .findFirst()
                .orElseThrow();
        return new Opened(table, target);
    }
}
