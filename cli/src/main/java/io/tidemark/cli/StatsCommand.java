package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark stats}: what is counted of the caches. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = {
            "Shows hits, misses, invalidations, keys and memory. Exits 4 when Redis is away.",
            "With --history, what they were over the last hours."
        })
final class StatsCommand implements Callable<Integer> {
    private static final int LINES = 24;

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Option(names = "--history", description = "Show what the figures were, as cache-writer kept them for 72 hours.")
    private boolean history;

    @Option(names = "--cache", paramLabel = "CACHE", description = "Of this cache (default: of all together).")
    private @Nullable String cache;

    @Option(
            names = "--hours",
            paramLabel = "N",
            defaultValue = "24",
            description = "Over so many hours, 1 to 72 (default: ${DEFAULT-VALUE}).")
    private int hours;

    @Override
    public Integer call() throws InterruptedException {
        if (history) {
            return history();
        }
        if (cache != null) {
            throw new CommandFailure(ExitCode.USAGE, "--cache goes with --history; without it all caches are shown");
        }
        JsonNode stats = target.client().get("/api/cache/stats");
        System.out.println(target.json() ? stats.toString() : text(stats));
        return stats.path("redis_up").asBoolean() ? ExitCode.GOOD : ExitCode.UNHEALTHY;
    }

    private int history() throws InterruptedException {
        // Two dozen lines at most, unless a program reads them.
        String step = target.json() ? "" : "&step=" + Math.max(1, hours * 60 / LINES);
        String of = cache == null ? "" : "&cache=" + URLEncoder.encode(cache, StandardCharsets.UTF_8);
        JsonNode line = target.client().get("/api/cache/history?hours=" + hours + of + step);
        System.out.println(target.json() ? line.toString() : historyText(line));
        return ExitCode.GOOD;
    }

    static String historyText(JsonNode line) {
        TextTable table = TextTable.ofNumbers(
                "from, UTC", "hits", "misses", "hit rate, %", "refused", "invalidations", "warm-ups", "keys", "bytes");
        boolean anew = false;
        for (JsonNode point : line.path("points")) {
            anew |= point.path("began_anew").asBoolean();
            table.row(
                    point.path("at").asText().replaceAll("T(\\d\\d:\\d\\d).*", " $1")
                            + (point.path("began_anew").asBoolean() ? " *" : ""),
                    number(point, "hits"),
                    number(point, "misses"),
                    point.path("hit_rate_percent").isNumber()
                            ? point.path("hit_rate_percent").asText()
                            : "-",
                    number(point, "refused"),
                    number(point, "invalidations"),
                    number(point, "warm_ups"),
                    number(point, "keys"),
                    number(point, "memory_bytes"));
        }
        String cache = line.path("cache").asText();
        String note = line.path("note").asText();
        return (cache.equals("*") ? "All caches" : "Cache " + cache) + ", in steps of "
                + line.path("step_minutes").asText() + " min:\n\n"
                + table
                + (anew ? "\n* The counting began anew in it." : "")
                + (note.isEmpty() ? "" : "\n" + Character.toUpperCase(note.charAt(0)) + note.substring(1) + ".");
    }

    private static String number(JsonNode point, String field) {
        return Numbers.grouped(point.path(field).asLong());
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
