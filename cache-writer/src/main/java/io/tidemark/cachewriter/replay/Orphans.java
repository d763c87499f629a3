package io.tidemark.cachewriter.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.resync.SeenKeys;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.postgres.RowsRead;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Finds entries of which no topic has a record and PostgreSQL no row: compaction has dropped what deleted them. They are removed
 * under a lease, after PostgreSQL was asked once more. For one thread.
 */
final class Orphans {
    private static final int ROWS_AT_ONCE = 200;
    private static final int MOST_EXAMPLES = 20;

    private final Entries entries;
    private final SourceSession source;
    private final Job job;
    private final boolean dryRun;
    private final List<String> examples = new ArrayList<>();

    Orphans(Entries entries, SourceSession source, Job job, boolean dryRun) {
        this.entries = entries;
        this.source = source;
        this.job = job;
        this.dryRun = dryRun;
    }

    /** Some of the keys it found. */
    List<String> examples() {
        return List.copyOf(examples);
    }

    /**
     * Looks through a cache.
     *
     * @param seen the keys of which a topic has a record
     * @param isAskedFor which keys to look at
     */
    void of(Target target, SeenKeys seen, Predicate<String> isAskedFor) throws SQLException {
        List<String> unknown = new ArrayList<>();
        try {
            entries.scan(target.cache().key().scanPattern(), keys -> {
                for (String key : keys) {
                    if (isAskedFor.test(key)
                            && !seen.mayContain(key)
                            && target.cache().key().match(key).isPresent()) {
                        unknown.add(key);
                    }
                }
                while (unknown.size() >= ROWS_AT_ONCE && !job.isCancelled()) {
                    List<String> portion = unknown.subList(0, ROWS_AT_ONCE);
                    ask(target, List.copyOf(portion));
                    portion.clear();
                }
            });
            if (!unknown.isEmpty() && !job.isCancelled()) {
                ask(target, unknown);
            }
        } catch (DatabaseAway away) {
            throw away.cause;
        }
    }

    private void ask(Target target, List<String> keys) {
        try {
            List<String> gone = gone(target, keys);
            job.count(Counts.ROWS_ASKED, keys.size());
            job.count(Counts.ROWS_WITHOUT_RECORD, keys.size() - gone.size());
            job.count(Counts.DELETES_DROPPED, gone.size());
            gone.stream().limit(MOST_EXAMPLES - examples.size()).forEach(examples::add);
            if (!dryRun && !gone.isEmpty()) {
                job.count(Counts.ORPHANS_REMOVED, removed(target, gone));
            }
        } catch (SQLException away) {
            throw new DatabaseAway(away);
        }
    }

    private List<String> gone(Target target, List<String> keys) throws SQLException {
        RowsRead rows = read(target, keys);
        List<String> gone = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (rows.documents().get(i) == null) {
                gone.add(keys.get(i));
            }
        }
        return gone;
    }

    /** A row that came back meanwhile is filled with: its change decides either way. */
    private long removed(Target target, List<String> keys) throws SQLException {
        String token = UUID.randomUUID().toString();
        entries.lease(token, keys);
        RowsRead rows = read(target, keys);
        return entries.fill(token, rows.horizonLsn(), Keeping.of(target.cache()), keys, rows.documents()).stream()
                .filter(result -> result == FillResult.REMOVED)
                .count();
    }

    private RowsRead read(Target target, List<String> keys) throws SQLException {
        List<ObjectNode> primaryKeys = new ArrayList<>();
        for (String key : keys) {
            ObjectNode primaryKey = JsonNodeFactory.instance.objectNode();
            Optional.of(key).flatMap(target.cache().key()::match).orElseThrow().forEach(primaryKey::put);
            primaryKeys.add(primaryKey);
        }
        return source.run(connection -> target.reader().read(connection, primaryKeys));
    }

    /** Carries the database's failure through the scan. */
    private static final class DatabaseAway extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final SQLException cause;

        DatabaseAway(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
