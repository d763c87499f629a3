package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark lag}: how far every consumer group of the cluster is behind. */
@Command(
        name = "lag",
        mixinStandardHelpOptions = true,
        description =
                "Shows how far every consumer group of the Kafka cluster is behind, in records and seconds, how it"
                        + " does, and when it will have caught up. Exits 4 when one that is shown is stalled or stopped.")
final class LagCommand implements Callable<Integer> {
    private static final Set<String> UNHEALTHY = Set.of("stalled", "stopped");
    /** Seconds that are not worth a word. */
    private static final double NOW = 1;
    /** Below so many seconds a lag only swings by chance. */
    private static final double SWINGS = 5;

    @Mixin
    private PositionTarget target = new PositionTarget();

    @Option(names = "--group", paramLabel = "GROUP", description = "Only this group, by partition.")
    private @Nullable String group;

    @Option(
            names = "--watch",
            description = "Look again every second until it is interrupted; with --json, one object a line.")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        String path = "/api/lag" + (group == null ? "" : "?group=" + URLEncoder.encode(group, StandardCharsets.UTF_8));
        while (true) {
            boolean unhealthy = false;
            try {
                JsonNode lag = target.client().get(path);
                System.out.println(target.json() ? lag.toString() : text(lag, group != null) + (watch ? "\n" : ""));
                unhealthy = isUnhealthy(lag);
            } catch (CommandFailure failure) {
                if (!watch) {
                    throw failure;
                }
                System.err.println("tidemark: " + failure.getMessage());
            }
            if (!watch) {
                return unhealthy ? ExitCode.UNHEALTHY : ExitCode.GOOD;
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    static boolean isUnhealthy(JsonNode lag) {
        for (JsonNode one : lag.path("groups")) {
            if (UNHEALTHY.contains(one.path("state").asText())) {
                return true;
            }
        }
        return false;
    }

    /** @param byPartition whether each partition has a line, rather than each topic */
    static String text(JsonNode lag, boolean byPartition) {
        TextTable table = byPartition
                ? TextTable.ofNumbers("topic and partition", "state", "committed", "end", "records", "seconds")
                : TextTable.ofNumbers(
                        "group and topic", "state", "records", "seconds", "in a second", "out a second", "clear in");
        for (JsonNode one : lag.path("groups")) {
            if (!byPartition) {
                row(
                        table,
                        one,
                        one.path("group").asText() + " (" + one.path("members").asText() + ")");
            }
            for (JsonNode topic : one.path("topics")) {
                if (byPartition) {
                    topic.path("partitions").forEach(partition -> row(table, topic, partition));
                } else {
                    row(table, topic, "  " + topic.path("topic").asText());
                }
            }
        }
        String problem = lag.path("problem").asText();
        return "Kafka's consumer groups, "
                + String.format(Locale.ROOT, "%.1f", lag.path("age_ms").asLong() / 1_000.0) + " s ago"
                + (problem.isEmpty() ? "" : " (" + problem + ")")
                + ", judged over " + lag.path("window_seconds").asText() + " s or more:\n\n" + table;
    }

    private static void row(TextTable table, JsonNode topic, JsonNode partition) {
        table.row(
                topic.path("topic").asText() + " " + partition.path("partition").asText(),
                partition.path("state").asText(),
                number(partition.path("committed")),
                number(partition.path("end")),
                number(partition.path("records")),
                seconds(partition));
    }

    private static void row(TextTable table, JsonNode of, String name) {
        table.row(
                name,
                of.path("state").asText(),
                number(of.path("records")),
                seconds(of),
                rate(of.path("produced_per_second")),
                rate(of.path("consumed_per_second")),
                clear(of));
    }

    /** When nothing will be behind; of who keeps up there is nothing to say, nor of a lag that only swings. */
    private static String clear(JsonNode of) {
        JsonNode seconds = of.path("clear_seconds");
        boolean isNever = seconds.isNull();
        boolean keepsUp = of.path("state").asText().equals("ok")
                && (isNever || of.path("seconds").asDouble() < SWINGS);
        if (keepsUp || !isNever && seconds.asDouble() < NOW) {
            return "-";
        }
        return isNever ? "not at this pace" : Numbers.grouped((long) Math.ceil(seconds.asDouble())) + " s";
    }

    private static String number(JsonNode number) {
        return number.isNumber() ? Numbers.grouped(number.asLong()) : "-";
    }

    private static String seconds(JsonNode of) {
        return (of.path("seconds_at_least").asBoolean() ? "over " : "")
                + String.format(Locale.ROOT, "%.1f", of.path("seconds").asDouble());
    }

    private static String rate(JsonNode rate) {
        return String.format(Locale.ROOT, "%.1f", rate.asDouble());
    }
}
