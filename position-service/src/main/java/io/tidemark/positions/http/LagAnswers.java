package io.tidemark.positions.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.positions.lag.LagHistory;
import io.tidemark.positions.lag.LagReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered of lag, as JSON. Pure. */
final class LagAnswers {
    private static final JsonMapper JSON = new JsonMapper();
    private static final double THOUSAND = 1_000.0;

    private LagAnswers() {}

    /** @param group only this one; empty for all */
    static ObjectNode report(LagReport report, String group, Duration age, String problem) {
        ObjectNode json = JSON.createObjectNode();
        json.put("at", report.at().toString());
        json.put("age_ms", age.toMillis());
        json.put("look_ms", report.took().toMillis());
        json.put("window_seconds", report.window().toSeconds());
        if (!problem.isEmpty()) {
            json.put("problem", problem);
        }
        ArrayNode groups = json.putArray("groups");
        report.groups().stream()
                .filter(one -> group.isEmpty() || one.name().equals(group))
                .forEach(one -> groups.add(group(one, report.at())));
        return json;
    }

    private static ObjectNode group(LagReport.Group group, Instant at) {
        ObjectNode json = JSON.createObjectNode();
        json.put("group", group.name());
        json.put("state", group.state().text());
        json.put("kafka_state", group.kafkaState());
        json.put("members", group.members());
        put(json, group.behind(), at);
        ArrayNode topics = json.putArray("topics");
        for (LagReport.Topic topic : group.topics()) {
            ObjectNode one = topics.addObject();
            one.put("topic", topic.name());
            one.put("table", topic.table());
            one.put("state", topic.state().text());
            put(one, topic.behind(), at);
            ArrayNode partitions = one.putArray("partitions");
            topic.partitions().forEach(partition -> partitions.add(partition(partition, at)));
        }
        return json;
    }

    private static ObjectNode partition(LagReport.Partition partition, Instant at) {
        ObjectNode json = JSON.createObjectNode();
        json.put("partition", partition.partition());
        json.put("committed", partition.committed());
        json.put("end", partition.end());
        json.put("records", partition.records());
        json.put("seconds", rounded(partition.seconds()));
        json.put("seconds_at_least", partition.secondsAtLeast());
        Long records = partition.records();
        json.put("freshness_seconds", freshness(records == null ? 0 : records, partition.behindSince(), at));
        json.put("state", partition.state().text());
        return json;
    }

    private static void put(ObjectNode json, LagReport.Behind behind, Instant at) {
        json.put("records", behind.records());
        json.put("seconds", rounded(behind.seconds()));
        json.put("seconds_at_least", behind.secondsAtLeast());
        json.put("freshness_seconds", freshness(behind.records(), behind.behindSince(), at));
        json.put("produced_per_second", rounded(behind.producedPerSecond()));
        json.put("consumed_per_second", rounded(behind.consumedPerSecond()));
        Double clear = behind.clearSeconds();
        json.put("clear_seconds", clear == null ? null : rounded(clear));
    }

    /** How long ago what is not consumed was committed: 0 for nothing, null when that is not known yet. */
    private static @Nullable Double freshness(long records, @Nullable Instant since, Instant at) {
        if (records == 0) {
            return 0.0;
        }
        return since == null
                ? null
                : rounded(Math.max(0, Duration.between(since, at).toMillis()) / THOUSAND);
    }

    private static double rounded(double number) {
        return Math.round(number * THOUSAND) / THOUSAND;
    }

    static ObjectNode history(String group, String topic, List<LagHistory.Point> points) {
        ObjectNode json = JSON.createObjectNode();
        json.put("group", group);
        json.put("topic", topic.isEmpty() ? null : topic);
        ArrayNode array = json.putArray("points");
        for (LagHistory.Point point : points) {
            ObjectNode one = array.addObject();
            one.put("at", point.at().toString());
            one.put("records", point.records());
            one.put("seconds", rounded(point.seconds()));
            one.put("state", point.state().text());
        }
        return json;
    }
}
