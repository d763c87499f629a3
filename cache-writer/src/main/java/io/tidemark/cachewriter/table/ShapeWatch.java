package io.tidemark.cachewriter.table;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.TableShape;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the tables' shapes in the catalog, now and then and when asked to, and has caches filled anew. Thread-safe. */
public final class ShapeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ShapeWatch.class);

    private final Tables tables;
    private final SourceSession source;
    private final ShapeMemory memory;
    private final Resync resync;

    /** @param source for this object alone */
    public ShapeWatch(Tables tables, SourceSession source, ShapeMemory memory, Resync resync) {
        this.tables = tables;
        this.source = source;
        this.memory = memory;
        this.resync = resync;
    }

    /**
     * Takes in the shapes for the first time.
     *
     * @return the shapes found; a table may be missing
     */
    public synchronized Map<TableId, TableShape> begin() throws SQLException {
        return learn();
    }

    /** Asks the database something at the start. */
    public synchronized <T> T ask(SourceSession.Work<T> question) throws SQLException {
        return source.run(question);
    }

    /**
     * Compares what is remembered in Redis with the tables: a shape that changed while nobody looked is
     * noticed here, and so are other fields or another format in the pipeline file.
     *
     * @throws EntriesException when Redis cannot be asked
     * @throws SQLException when the database cannot
     */
    public synchronized void compareWithMemory() throws SQLException {
        for (TableId table : tables.applied()) {
            FollowedTable followed = tables.of(table).orElse(null);
            if (followed == null) {
                continue;
            }
            for (Target target : followed.targets()) {
                Cache cache = target.cache();
                String fingerprint = target.fingerprint();
                String remembered = memory.fingerprintOf(cache.name()).orElse(null);
                if (remembered == null) {
                    memory.remember(cache.name(), fingerprint);
                } else if (!remembered.equals(fingerprint)) {
                    if (!target.isOfSameShape(remembered)) {
                        tables.distrustUpTo(table, source.walLsn());
                    }
                    resync.request(cache);
                }
            }
        }
    }

    /** Looks now; a database that is away leaves everything as it was. */
    public synchronized void look() {
        try {
            learn();
        } catch (SQLException away) {
            LOG.debug("the shapes of the tables could not be read: {}", away.getMessage());
        }
    }

    private Map<TableId, TableShape> learn() throws SQLException {
        SortedSet<TableId> wanted = tables.followed();
        Map<TableId, TableShape> shapes = source.run(connection -> new Catalog(connection).shapes(wanted));
        long walLsn = source.walLsn();
        Collection<TableShape> usable = shapes.values().stream()
                .filter(shape -> !shape.primaryKey().isEmpty())
                .toList();
        List<Cache> changed = tables.learn(usable, walLsn);
        for (Cache cache : changed) {
            LOG.info("table {} has another shape than before", cache.table());
            resync.request(cache);
        }
        return shapes;
    }
}
