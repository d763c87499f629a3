package io.tidemark.systemtests.product;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** A consumer group, seen and changed from outside. */
public final class ConsumerGroup {

    private ConsumerGroup() {}

    /** How many records the group has not committed yet. */
    public static long lag(String bootstrap, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS);
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            committed.keySet().forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
            long[] lag = {0};
            admin.listOffsets(wanted)
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .forEach((partition, end) ->
                            lag[0] += end.offset() - committed.get(partition).offset());
            return lag[0];
        }
    }

    /** How many members of the group have partitions; 0 while it shares them out. */
    public static int busyMembers(String bootstrap, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .get(group);
            boolean settled = description.groupState() == GroupState.STABLE;
            return settled
                    ? (int) description.members().stream()
                            .filter(member ->
                                    !member.assignment().topicPartitions().isEmpty())
                            .count()
                    : 0;
        }
    }

    /** Commits the ends of all partitions, as a consumer would that commits before it has done its work. No member may be left. */
    public static void commitEnds(String bootstrap, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS)
                    .keySet()
                    .forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            admin.listOffsets(wanted)
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
            admin.alterConsumerGroupOffsets(group, ends).all().get(20, TimeUnit.SECONDS);
        }
    }
}
