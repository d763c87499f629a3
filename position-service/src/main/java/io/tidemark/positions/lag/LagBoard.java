package io.tidemark.positions.lag;

import io.tidemark.positions.lag.LagReport.Behind;
import io.tidemark.positions.lag.Offsets.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Remembers what was said of each partition and judges it. Not thread-safe: one thread owns it. */
final class LagBoard {
    private static final double MILLIS = 1_000.0;

    private final Duration window;
    private final String tablePrefix;
    private final Map<Consumed, LagWindow> windows = new HashMap<>();
    private final Map<Part, EndSeries> ends = new HashMap<>();
    private Map<CommitTimes.Place, Instant> times = Map.of();

    /** A partition as one group consumes it. */
    private record Consumed(String group, Part part) {}

    /**
     * @param window over how much time states are judged, at least
     * @param prefix what the topics of tables begin with, without the dot
     */
    LagBoard(Duration window, String prefix) {
        this.window = window;
        this.tablePrefix = prefix + ".";
    }

    /** Takes in what Kafka said and says what it means, without commit times. */
    LagReport report(Offsets offsets, Duration took) {
        return report(offsets, Map.of(), took);
    }

    /**
     * Takes in what Kafka said and says what it means.
     *
     * @param times when records were committed, as far as that is known
     */
    LagReport report(Offsets offsets, Map<CommitTimes.Place, Instant> times, Duration took) {
        this.times = times;
        offsets.ends().forEach((part, end) -> ends.computeIfAbsent(part, p -> new EndSeries())
                .add(offsets.at(), end));
        ends.keySet().retainAll(offsets.ends().keySet());
        Set<Consumed> seen = new HashSet<>();
        List<LagReport.Group> groups = new ArrayList<>();
        new TreeMap<>(offsets.groups()).forEach((name, group) -> groups.add(group(name, group, offsets, seen)));
        windows.keySet().retainAll(seen);
        return new LagReport(offsets.at(), took, window, groups);
    }

    private LagReport.Group group(String name, Offsets.Group group, Offsets offsets, Set<Consumed> seen) {
        Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
        group.committed().forEach((part, committed) -> byTopic.computeIfAbsent(part.topic(), t -> new TreeMap<>())
                .put(part.partition(), committed));
        List<LagReport.Topic> topics = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> topics.add(topic(name, group, topic, partitions, offsets, seen)));
        LagState worst = topics.stream().map(LagReport.Topic::state).reduce(LagState.OK, LagState::worse);
        Behind behind = topics.stream().map(LagReport.Topic::behind).reduce(Behind.NONE, Behind::and);
        return new LagReport.Group(name, worst, group.kafkaState(), group.members(), behind, topics);
    }

    private LagReport.Topic topic(
            String name,
            Offsets.Group group,
            String topic,
            Map<Integer, Long> committed,
            Offsets offsets,
            Set<Consumed> seen) {
        List<LagReport.Partition> partitions = new ArrayList<>();
        Behind behind = Behind.NONE;
        LagState worst = LagState.OK;
        for (Map.Entry<Integer, Long> one : committed.entrySet()) {
            Consumed consumed = new Consumed(name, new Part(topic, one.getKey()));
            Long end = offsets.ends().get(consumed.part());
            if (one.getValue() == Offsets.Group.NONE || end == null) {
                Long known = one.getValue() == Offsets.Group.NONE ? null : one.getValue();
                partitions.add(new LagReport.Partition(one.getKey(), known, end, null, 0, false, null, LagState.OK));
                continue;
            }
            seen.add(consumed);
            LagWindow marks = windows.computeIfAbsent(consumed, c -> new LagWindow(window));
            marks.add(new Mark(offsets.at(), one.getValue(), end));
            LagState state = marks.judge(group.members() > 0);
            EndSeries.Age age = ages(consumed.part()).ageOf(one.getValue(), offsets.at());
            double seconds = age.age().toMillis() / MILLIS;
            long records = marks.newest().lag();
            Instant since = records == 0 ? null : times.get(new CommitTimes.Place(consumed.part(), one.getValue()));
            partitions.add(new LagReport.Partition(
                    one.getKey(), one.getValue(), end, records, seconds, age.atLeast(), since, state));
            behind = behind.and(new Behind(
                    records, seconds, age.atLeast(), since, marks.producedPerSecond(), marks.consumedPerSecond()));
            worst = worst.worse(state);
        }
        return new LagReport.Topic(topic, table(topic), worst, behind, partitions);
    }

    private EndSeries ages(Part part) {
        return ends.computeIfAbsent(part, p -> new EndSeries());
    }

    /** A topic of a table has its schema and its name after the prefix. */
    private @Nullable String table(String topic) {
        if (!topic.startsWith(tablePrefix)) {
            return null;
        }
        String rest = topic.substring(tablePrefix.length());
        int dot = rest.indexOf('.');
        return dot > 0 && dot == rest.lastIndexOf('.') && !rest.startsWith("tidemark.") ? rest : null;
    }
}
