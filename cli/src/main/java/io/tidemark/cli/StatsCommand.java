package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark stats}: what is counted of the caches. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = "Shows hits, misses, invalidations, keys and memory. Exits 4 when Redis is away.")
final class StatsCommand implements Callable<Integer> {
    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode stats = target.client().get("/api/cache/stats");
        System.out.println(target.json() ? stats.toString() : text(stats));
        return stats.path("redis_up").asBoolean() ? ExitCode.GOOD : ExitCode.UNHEALTHY;
    }

    static String text(JsonNode stats) {
        TextTable table = TextTable.ofNumbers("what", "figure");
        row(table, stats, "keys", "keys in Redis");
        row(table, stats.path("memory"), "used_bytes", "memory used, bytes");
        row(table, stats.path("memory"), "peak_bytes", "memory at its peak, bytes");
        row(table, stats.path("memory"), "limit_bytes", "memory limit, bytes (0 for none)");
        row(table, stats, "evicted_by_redis", "keys evicted by Redis");
        row(table, stats, "changes_applied", "changes applied");
        row(table, stats, "invalidations", "invalidations");
        row(table, stats, "entries_swept", "stale entries swept");
        row(table, stats, "sweeps_due", "tags to be swept");
        row(table, stats, "warm_ups", "warm-ups");
        row(table, stats, "hits", "hits that clients counted");
        row(table, stats, "misses", "misses that clients counted");
        boolean asked = stats.path("hits").asLong() + stats.path("misses").asLong() > 0;
        table.row("hit rate, %", asked ? stats.path("hit_rate_percent").asText() : "-");
        StringBuilder text = new StringBuilder(
                        stats.path("redis_up").asBoolean()
                                ? "Redis " + stats.path("redis_version").asText() + " is up.\n\n"
                                : "Redis is away: "
                                        + stats.path("redis_problem").asText() + "\n\n")
                .append(table);
        if (!stats.path("caches").isEmpty()) {
            TextTable caches = TextTable.ofNumbers("cache", "hits", "misses", "refused fills", "hit rate, %");
            stats.path("caches")
                    .properties()
                    .forEach(cache -> caches.row(
                            cache.getKey(),
                            Numbers.grouped(cache.getValue().path("hits").asLong()),
                            Numbers.grouped(cache.getValue().path("misses").asLong()),
                            Numbers.grouped(cache.getValue().path("refused").asLong()),
                            cache.getValue().path("hit_rate_percent").asText()));
            text.append("\n\n").append(caches);
        }
        return text.toString();
    }

    private static void row(TextTable table, JsonNode from, String field, String words) {
        table.row(words, from.has(field) ? Numbers.grouped(from.path(field).asLong()) : "-");
    }
}
