package io.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.Comparison;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import io.tidemark.cli.shop.postgres.Visitors;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How a demo went.
 *
 * @param written row changes that the shop committed
 * @param applied changes that cache-writer dealt with meanwhile
 * @param wrote how long the shop wrote
 * @param startup from the call to the first live line
 * @param p99Millis freshness after the first twenty seconds, and of these where there is nothing after them
 * @param firstP99Millis of the first twenty seconds
 * @param comparison of everything at the end; null when the demo was stopped by hand
 * @param pages what the shop's application keeps, compared with the database; null when the demo was stopped by hand
 */
record DemoSummary(
        long seed,
        long products,
        long written,
        long applied,
        Duration wrote,
        Duration startup,
        OptionalDouble p50Millis,
        OptionalDouble p99Millis,
        OptionalDouble firstP99Millis,
        @Nullable Comparison comparison,
        Visitors.@Nullable Pages pages) {
    private static final ObjectMapper JSON = new ObjectMapper();

    int exitCode() {
        boolean differs = comparison != null && comparison.different() + comparison.undecided() > 0
                || pages != null && !pages.stale().isEmpty();
        return differs ? ExitCode.DRIFT : ExitCode.GOOD;
    }

    private double rate() {
        double seconds = wrote.toMillis() / 1000.0;
        return seconds > 0 ? written / seconds : 0;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "Changes written %s, applied %s, in %.1f s (%.0f a second)%n",
                Numbers.grouped(written),
                Numbers.grouped(applied),
                wrote.toMillis() / 1000.0,
                rate()));
        text.append("Freshness p50 ")
                .append(Numbers.millis(p50Millis))
                .append(", p99 ")
                .append(Numbers.millis(p99Millis));
        if (firstP99Millis.isPresent() && !firstP99Millis.equals(p99Millis)) {
            text.append("; in the first ")
                    .append(RunFreshness.START.toSeconds())
                    .append(" s, with cold code and behind the first snapshot, p99 ")
                    .append(Numbers.millis(firstP99Millis));
        }
        if (comparison == null) {
            return text.append("\nStopped before everything was compared.").toString();
        }
        TextTable table = TextTable.ofNumbers("cache", "keys", "consistent", "stale", "missing", "orphaned");
        for (Comparison.OfCache cache : comparison.caches()) {
            table.row(
                    cache.cache(),
                    Numbers.grouped(cache.keys()),
                    Numbers.grouped(cache.consistent()),
                    Numbers.grouped(cache.stale()),
                    Numbers.grouped(cache.missing()),
                    Numbers.grouped(cache.orphaned()));
        }
        text.append("\n\n").append(table).append("\n\n");
        if (pages != null) {
            text.append("Pages that the shop computes: ")
                    .append(Numbers.grouped(pages.kept()))
                    .append(" kept, ")
                    .append(pages.stale().isEmpty() ? "none stale" : "stale: " + String.join(", ", pages.stale()))
                    .append("\n\n");
        }
        long different = comparison.different();
        if (different == 0 && comparison.undecided() > 0) {
            return text.append(Numbers.grouped(comparison.undecided()))
                    .append(" entries could not be compared.")
                    .toString();
        }
        return text.append(
                        different == 0
                                ? "Every entry equals the database."
                                : Numbers.grouped(different) + " entries differ from the database.")
                .toString();
    }

    String json() {
        ObjectNode summary = JSON.createObjectNode();
        summary.put("seed", seed).put("products", products);
        summary.put("changesWritten", written).put("changesApplied", applied);
        summary.put("seconds", wrote.toMillis() / 1000.0).put("changesPerSecond", Math.round(rate() * 10) / 10.0);
        summary.put("startupSeconds", startup.toMillis() / 1000.0);
        put(summary.putObject("freshness"), "p50Millis", p50Millis);
        put((ObjectNode) summary.path("freshness"), "p99Millis", p99Millis);
        put((ObjectNode) summary.path("freshness"), "firstP99Millis", firstP99Millis);
        if (comparison != null) {
            ObjectNode caches = summary.putObject("caches");
            for (Comparison.OfCache cache : comparison.caches()) {
                caches.putObject(cache.cache())
                        .put("keys", cache.keys())
                        .put("consistent", cache.consistent())
                        .put("stale", cache.stale())
                        .put("missing", cache.missing())
                        .put("orphaned", cache.orphaned());
            }
            if (pages != null) {
                summary.putObject("pages")
                        .put("kept", pages.kept())
                        .put("stale", pages.stale().size());
            }
            summary.put("different", comparison.different()).put("undecided", comparison.undecided());
        }
        return summary.toString();
    }

    private static void put(ObjectNode node, String name, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(name, value.getAsDouble());
        } else {
            node.putNull(name);
        }
    }
}
