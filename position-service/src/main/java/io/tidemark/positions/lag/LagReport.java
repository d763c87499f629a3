package io.tidemark.positions.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far every group is behind. Immutable.
 *
 * @param at when Kafka was asked
 * @param took how long that took
 * @param window over how much time states are judged, at least
 * @param groups by name
 */
public record LagReport(Instant at, Duration took, Duration window, List<Group> groups) {

    public LagReport {
        groups = List.copyOf(groups);
    }

    /** The group of that name. */
    public Optional<Group> group(String name) {
        return groups.stream().filter(group -> group.name().equals(name)).findFirst();
    }

    /**
     * One group.
     *
     * @param state the worst of its topics
     * @param kafkaState as Kafka names it
     */
    public record Group(
            String name, LagState state, String kafkaState, int members, Behind behind, List<Topic> topics) {
        public Group {
            topics = List.copyOf(topics);
        }
    }

    /**
     * One topic of a group.
     *
     * @param table the table whose changes it holds; null for another topic
     * @param state the worst of its partitions
     */
    public record Topic(
            String name, @Nullable String table, LagState state, Behind behind, List<Partition> partitions) {
        public Topic {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * One partition of a topic of a group.
     *
     * @param committed null when the group has committed none
     * @param end null when the topic is gone
     * @param records null when one of both is
     * @param behindSince when the first change that is not consumed was committed; null when there is none, or that is not known yet
     */
    public record Partition(
            int partition,
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Long records,
            double seconds,
            boolean secondsAtLeast,
            @Nullable Instant behindSince,
            LagState state) {}

    /**
     * How far behind, and where it goes.
     *
     * @param records behind, the sum
     * @param seconds the age of the oldest record that is not consumed, 0 for none
     * @param secondsAtLeast whether it may be older, as it came before anybody looked
     * @param behindSince when the first change that is not consumed was committed in PostgreSQL; null when there is none, or it is not
     *     known of any of them yet
     * @param producedPerSecond records that came, over the window
     * @param consumedPerSecond records that were consumed, over the window
     */
    public record Behind(
            long records,
            double seconds,
            boolean secondsAtLeast,
            @Nullable Instant behindSince,
            double producedPerSecond,
            double consumedPerSecond) {
        static final Behind NONE = new Behind(0, 0, false, null, 0, 0);

        /** How many records a second it grows by; negative while it is caught up with. */
        public double trendPerSecond() {
            return producedPerSecond - consumedPerSecond;
        }

        /** When nothing will be behind at this pace, in seconds; null for never, 0 for now. */
        public @Nullable Double clearSeconds() {
            if (records == 0) {
                return 0.0;
            }
            return trendPerSecond() < 0 ? records / -trendPerSecond() : null;
        }

        Behind and(Behind other) {
            boolean older = other.seconds > seconds;
            return new Behind(
                    records + other.records,
                    Math.max(seconds, other.seconds),
                    older ? other.secondsAtLeast : secondsAtLeast,
                    earlier(behindSince, other.behindSince),
                    producedPerSecond + other.producedPerSecond,
                    consumedPerSecond + other.consumedPerSecond);
        }

        private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return one.isBefore(other) ? one : other;
        }
    }
}
