package io.tidemark.positions.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.positions.lag.LagReport;
import io.tidemark.positions.lag.LagReport.Behind;
import io.tidemark.positions.lag.LagState;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the lag page: a group, a topic of it, or a partition of that. Immutable.
 *
 * @param key names the row within the page
 * @param order rows stand in the order of these
 * @param kind {@code group}, {@code topic} or {@code partition}
 * @param link where more is shown; empty for nowhere
 * @param since when the first change that waits was committed in PostgreSQL; empty for none, and where it is not known yet
 * @param offsets committed and end, of a partition
 * @param flow records in and out a second
 * @param clear when nothing will be behind
 */
public record LagRow(
        String key,
        String order,
        String kind,
        String name,
        String link,
        LagState state,
        String records,
        String seconds,
        String since,
        String offsets,
        String flow,
        String clear) {
    private static final double SOON = 1;
    /** Below so many seconds a lag only swings by chance. */
    private static final double SWINGS = 5;

    private static final double MINUTE = 60;
    private static final double HOUR = 3_600;
    private static final double TWO_DAYS = 48 * HOUR;

    /** @param group only this one, with its partitions; empty for all groups and their topics */
    static List<LagRow> of(LagReport report, String group) {
        List<LagRow> rows = new ArrayList<>();
        for (LagReport.Group one : report.groups()) {
            if (group.isEmpty() || one.name().equals(group)) {
                rows.add(of(one));
                for (LagReport.Topic topic : one.topics()) {
                    rows.add(of(one, topic));
                    if (!group.isEmpty()) {
                        topic.partitions().forEach(partition -> rows.add(of(one, topic, partition)));
                    }
                }
            }
        }
        return rows;
    }

    private static LagRow of(LagReport.Group group) {
        String members = group.members() == 1 ? "1 member" : group.members() + " members";
        return row(
                group.name(),
                "group",
                group.name() + ", " + members,
                "/lag?group=" + encoded(group.name()),
                group.state(),
                group.behind());
    }

    private static LagRow of(LagReport.Group group, LagReport.Topic topic) {
        return row(
                group.name() + "\t" + topic.name(),
                "topic",
                topic.table() == null ? topic.name() : topic.table() + " (" + topic.name() + ")",
                "/lag?group=" + encoded(group.name()) + "&topic=" + encoded(topic.name()),
                topic.state(),
                topic.behind());
    }

    private static LagRow row(String order, String kind, String name, String link, LagState state, Behind behind) {
        return new LagRow(
                key(order),
                order,
                kind,
                name,
                link,
                state,
                grouped(behind.records()),
                (behind.secondsAtLeast() ? "over " : "") + span(behind.seconds()),
                text(behind.behindSince()),
                "–",
                String.format(
                        Locale.ROOT,
                        "%.1f in, %.1f out: %+.1f",
                        behind.producedPerSecond(),
                        behind.consumedPerSecond(),
                        // Rounded first: a trend that rounds to nothing has no minus.
                        Math.round(10 * behind.trendPerSecond()) / 10.0),
                clear(state, behind));
    }

    private static LagRow of(LagReport.Group group, LagReport.Topic topic, LagReport.Partition partition) {
        String order =
                group.name() + "\t" + topic.name() + "\t" + String.format(Locale.ROOT, "%07d", partition.partition());
        return new LagRow(
                key(order),
                order,
                "partition",
                "partition " + partition.partition(),
                "",
                partition.state(),
                grouped(partition.records()),
                (partition.secondsAtLeast() ? "over " : "") + span(partition.seconds()),
                text(partition.behindSince()),
                grouped(partition.committed()) + " of " + grouped(partition.end()),
                "–",
                "–");
    }

    /** Of the badge's colours. */
    public String badgeClass() {
        return switch (state) {
            case OK -> "healthy";
            case WARNING -> "reset";
            case REWOUND -> "calculated";
            case STALLED, STOPPED -> "missing";
        };
    }

    /** Of who keeps up there is nothing to say, nor of a lag that only swings. */
    private static String clear(LagState state, Behind behind) {
        if (state == LagState.OK && behind.seconds() < SWINGS) {
            return "–";
        }
        Double seconds = behind.clearSeconds();
        if (seconds == null || seconds > TWO_DAYS) {
            return state == LagState.OK ? "–" : "not at this pace";
        }
        return seconds < SOON ? "–" : span(seconds);
    }

    private static String span(double seconds) {
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return seconds < 2 * HOUR
                ? String.format(Locale.ROOT, "%.0f min", seconds / MINUTE)
                : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
    }

    private static String grouped(@Nullable Long number) {
        return number == null ? "–" : String.format(Locale.ROOT, "%,d", number);
    }

    private static String text(@Nullable Instant moment) {
        return moment == null ? "" : moment.toString();
    }

    private static String key(String order) {
        return UUID.nameUUIDFromBytes(order.getBytes(UTF_8)).toString();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8);
    }
}
