package io.tidemark.positions.lag;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Kafka said of all its consumer groups at one moment. Immutable.
 *
 * @param at when the end offsets were known
 * @param groups by name
 * @param ends the offset after the last record, by partition; of topics that are there
 */
public record Offsets(Instant at, Map<String, Group> groups, Map<Part, Long> ends) {

    /** A partition of a topic. */
    public record Part(String topic, int partition) {}

    /**
     * A group.
     *
     * @param kafkaState as Kafka names it: {@code Stable}, {@code Empty}, …
     * @param members how many there are
     * @param committed the committed offset of each partition that it committed one of or that is assigned to a member;
     *     {@link #NONE} where there is none
     */
    public record Group(String kafkaState, int members, Map<Part, Long> committed) {
        /** No offset was committed. */
        public static final long NONE = -1;

        public Group {
            committed = Map.copyOf(committed);
        }
    }

    public Offsets {
        groups = Map.copyOf(groups);
        ends = Map.copyOf(ends);
    }

    /** The first records that groups have not consumed, those of the partitions with the most of them first. */
    List<CommitTimes.Place> unread() {
        Map<CommitTimes.Place, Long> unread = new HashMap<>();
        groups.values().forEach(group -> group.committed().forEach((part, offset) -> {
            Long end = ends.get(part);
            if (offset != Group.NONE && end != null && end > offset) {
                unread.put(new CommitTimes.Place(part, offset), end - offset);
            }
        }));
        return unread.entrySet().stream()
                .sorted(Map.Entry.<CommitTimes.Place, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }
}
