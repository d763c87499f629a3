package io.tidemark.cachewriter.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.cachewriter.dependents.RefreshStats;
import io.tidemark.cachewriter.dependents.Refresher;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the caches are that are read from the database. */
@Controller("/api/queries")
final class QueriesPage {
    private final Refresher refresher;

    QueriesPage(Refresher refresher) {
        this.refresher = refresher;
    }

    @Get
    Queries queries() {
        Map<String, OfCache> caches = new LinkedHashMap<>();
        refresher.stats().forEach((name, stats) -> caches.put(name, OfCache.of(stats)));
        return new Queries(caches);
    }

    /** By cache. */
    @Serdeable
    record Queries(Map<String, OfCache> caches) {}

    /**
     * One cache.
     *
     * @param due how much is due and not read yet, as this cache-writer last saw it
     * @param entriesRead how many entries were read since the start
     * @param queries how many statements that took
     * @param problem what is wrong now; null when nothing is
     */
    @Serdeable
    record OfCache(
            long due,
            long entriesRead,
            long queries,
            long failures,
            long refusals,
            @Nullable Instant lastRead,
            @Nullable String problem) {

        static OfCache of(RefreshStats stats) {
            return new OfCache(
                    stats.due(),
                    stats.entriesRead(),
                    stats.queries(),
                    stats.failures(),
                    stats.refusals(),
                    stats.lastRead(),
                    stats.problem());
        }
    }
}
