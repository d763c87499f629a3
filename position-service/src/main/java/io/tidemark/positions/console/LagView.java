package io.tidemark.positions.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.positions.lag.LagHistory;
import io.tidemark.positions.lag.LagMemory;
import io.tidemark.positions.lag.LagReport;
import io.tidemark.positions.lag.LagState;
import io.tidemark.positions.lag.LagWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the lag page shows. Thread-safe. */
final class LagView {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SHOWN = Duration.ofHours(72);
    private static final double MILLIS = 1_000.0;

    private final LagWatch watch;
    private final LagMemory memory;
    private final Clock clock;

    LagView(LagWatch watch, LagMemory memory, Clock clock) {
        this.watch = watch;
        this.memory = memory;
        this.clock = clock;
    }

    /** What was last seen; nothing yet is a report without groups. */
    LagReport report() {
        return watch.last().orElseGet(() -> new LagReport(Instant.EPOCH, Duration.ZERO, Duration.ZERO, List.of()));
    }

    /** Why nothing newer is known; empty when it is. */
    String problem() {
        return watch.problem();
    }

    /**
     * What is picked.
     *
     * @param group empty for all
     * @param topic empty for the whole group
     */
    record Picked(String group, String topic) {
        String query() {
            return group.isEmpty()
                    ? ""
                    : "?group=" + java.net.URLEncoder.encode(group, java.nio.charset.StandardCharsets.UTF_8)
                            + (topic.isEmpty()
                                    ? ""
                                    : "&topic="
                                            + java.net.URLEncoder.encode(
                                                    topic, java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /** The one whose history is drawn: what is picked, else the group that is farthest behind, else the first. */
    LagHistory.Series drawn(Picked picked) {
        if (!picked.group().isEmpty()) {
            return new LagHistory.Series(picked.group(), picked.topic());
        }
        LagReport report = report();
        String farthest = "";
        long most = -1;
        for (LagReport.Group group : report.groups()) {
            if (group.behind().records() > most) {
                most = group.behind().records();
                farthest = group.name();
            }
        }
        return new LagHistory.Series(farthest, "");
    }

    /** Two lists: seconds since 1970, and records. */
    ArrayNode samples(LagHistory.Series drawn) {
        ArrayNode json = JSON.createArrayNode();
        ArrayNode at = json.addArray();
        ArrayNode records = json.addArray();
        for (LagHistory.Point point :
                memory.history().points(drawn, clock.instant().minus(SHOWN))) {
            at.add(point.at().toEpochMilli() / MILLIS);
            records.add(point.records());
        }
        return json;
    }

    /** How many groups are in each state, the best first. */
    static Map<LagState, Long> counts(LagReport report) {
        Map<LagState, Long> counts = new LinkedHashMap<>();
        for (LagState state : LagState.values()) {
            counts.put(
                    state,
                    report.groups().stream()
                            .filter(group -> group.state() == state)
                            .count());
        }
        return counts;
    }
}
