package io.tidemark.cachewriter.repair;

import io.tidemark.cachewriter.admin.KeptCache;
import io.tidemark.cachewriter.admin.KeptCaches;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.core.postgres.SqlFailures;
import io.tidemark.core.repair.RepairRequest;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs what a request names. An entry of a row is read from the database again under a lease: it gets the row's document, or
 * goes when there is no row; a change that comes in between wins. What a query gives is marked to be read again. Doing it
 * twice does no harm. For one thread.
 */
public final class Repairing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Repairing.class);

    private final KeptCaches caches;
    private final Entries entries;
    private final WriterStats stats;

    /** @param caches as the tables are shaped now; closed with this object */
    public Repairing(KeptCaches caches, Entries entries, WriterStats stats) {
        this.caches = caches;
        this.entries = entries;
        this.stats = stats;
    }

    /**
     * Repairs; what cannot be an entry of the cache is left alone and counted.
     *
     * @throws SQLException when the database is away: nothing is known of what the request names
     */
    public void repair(RepairRequest request) throws SQLException {
        long repaired;
        Optional<KeptCache> kept = caches.named(request.cache());
        if (kept.isPresent()) {
            List<String> keys = request.keys().stream().filter(kept.get()::owns).toList();
            if (request.forget()) {
                entries.forget(keys);
            }
            repaired = refreshed(kept.get(), keys);
        } else if (caches.queries().has(request.cache())) {
            repaired = caches.queries().rows(request.cache(), request.keys());
        } else {
            repaired = 0;
            LOG.warn(
                    "{} entries of cache {} are not repaired, as the pipeline file here has no such cache",
                    request.keys().size(),
                    request.cache());
        }
        stats.repaired(repaired, request.keys().size() - repaired);
    }

    private static long refreshed(KeptCache cache, List<String> keys) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        try {
            cache.refresh(keys);
            return keys.size();
        } catch (SQLException failure) {
            if (!SqlFailures.isOfAValue(failure)) {
                throw failure;
            }
            if (keys.size() <= 1) {
                LOG.warn("an entry of cache {} is not repaired: {}", cache.name(), SqlFailures.text(failure));
                return 0;
            }
            // One key that the column's type cannot be, or one row that has no JSON, is not to keep the others from it.
            int middle = keys.size() / 2;
            return refreshed(cache, keys.subList(0, middle)) + refreshed(cache, keys.subList(middle, keys.size()));
        }
    }

    @Override
    public void close() {
        caches.close();
    }
}
