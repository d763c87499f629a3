package io.tidemark.positions.kafka;

import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.positions.lag.LagSource;
import io.tidemark.positions.lag.Offsets;
import io.tidemark.positions.lag.Offsets.Part;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets of every consumer group of the cluster, in five requests however many groups and partitions there are: to each
 * broker those of its own. Connects when it is first asked. One thread.
 */
public final class GroupOffsets implements LagSource, AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final Admin admin;
    private final InstantSource clock;

    public GroupOffsets(KafkaSettings settings, InstantSource clock) {
        this.admin = new PositionClients(settings).admin("lag");
        this.clock = clock;
    }

    @Override
    public Offsets look() throws InterruptedException {
        try {
            return ask();
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new LagUnavailableException(
                    "Kafka could not say how far its groups are: " + cause.getMessage(), cause);
        } catch (TimeoutException late) {
            throw new LagUnavailableException(
                    "Kafka did not say within " + PATIENCE_SECONDS + " s how far its groups are", late);
        }
    }

    private Offsets ask() throws ExecutionException, InterruptedException, TimeoutException {
        // Asked together: neither needs the other.
        KafkaFuture<Set<String>> topics =
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names();
        List<String> names = get(
                        admin.listGroups(ListGroupsOptions.forConsumerGroups()).all())
                .stream()
                .map(GroupListing::groupId)
                .toList();
        Map<String, Offsets.Group> groups = names.isEmpty() ? Map.of() : groups(names);
        return new Offsets(clock.instant(), groups, ends(groups, get(topics)));
    }

    private Map<String, Offsets.Group> groups(List<String> names)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, KafkaFuture<ConsumerGroupDescription>> described =
                admin.describeConsumerGroups(names).describedGroups();
        ListConsumerGroupOffsetsResult offsets = admin.listConsumerGroupOffsets(
                names.stream().collect(Collectors.toMap(name -> name, name -> new ListConsumerGroupOffsetsSpec())));
        Map<String, Offsets.Group> groups = new HashMap<>();
        for (String name : names) {
            Map<Part, Long> committed = new HashMap<>();
            ConsumerGroupDescription group;
            try {
                group = get(Objects.requireNonNull(described.get(name)));
                for (Map.Entry<TopicPartition, OffsetAndMetadata> one :
                        get(offsets.partitionsToOffsetAndMetadata(name)).entrySet()) {
                    committed.put(
                            part(one.getKey()),
                            one.getValue() == null
                                    ? Offsets.Group.NONE
                                    : one.getValue().offset());
                }
            } catch (ExecutionException gone) {
                if (gone.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
                    continue;
                }
                throw gone;
            }
            group.members().forEach(member -> member.assignment()
                    .topicPartitions()
                    .forEach(assigned -> committed.putIfAbsent(part(assigned), Offsets.Group.NONE)));
            groups.put(
                    name,
                    new Offsets.Group(
                            group.groupState().toString(), group.members().size(), committed));
        }
        return groups;
    }

    /** Of topics that are gone nothing is asked: Kafka's client would wait for them to come back. */
    private Map<Part, Long> ends(Map<String, Offsets.Group> groups, Set<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        Set<Part> parts = new HashSet<>();
        groups.values().forEach(group -> parts.addAll(group.committed().keySet()));
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        List<Part> there = new ArrayList<>();
        for (Part part : parts) {
            if (topics.contains(part.topic())) {
                there.add(part);
                asked.put(new TopicPartition(part.topic(), part.partition()), OffsetSpec.latest());
            }
        }
        Map<Part, Long> ends = new HashMap<>();
        if (asked.isEmpty()) {
            return ends;
        }
        var answer = admin.listOffsets(asked);
        for (Part part : there) {
            try {
                ListOffsetsResultInfo end =
                        get(answer.partitionResult(new TopicPartition(part.topic(), part.partition())));
                ends.put(part, end.offset());
            } catch (ExecutionException unknown) {
                if (!(unknown.getCause() instanceof org.apache.kafka.common.errors.UnknownTopicOrPartitionException)) {
                    throw unknown;
                }
            }
        }
        return ends;
    }

    private static Part part(TopicPartition partition) {
        return new Part(partition.topic(), partition.partition());
    }

    private static <T> T get(KafkaFuture<T> answer) throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
