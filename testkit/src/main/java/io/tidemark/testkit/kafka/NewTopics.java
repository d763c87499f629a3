package io.tidemark.testkit.kafka;

import io.tidemark.testkit.await.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Topics that may be written to as soon as they are made. */
public final class NewTopics {
    private static final Duration SOON = Duration.ofSeconds(20);

    private NewTopics() {}

    /**
     * Makes the topics and waits until the leader of each partition answers for it. A producer that sends before that may have
     * its first batch refused and its second taken, after which the first is refused until it expires (KAFKA-15591).
     *
     * @throws ExecutionException when a topic cannot be made, or is there already
     */
    public static void make(Admin admin, Collection<NewTopic> topics) throws ExecutionException, InterruptedException {
        admin.createTopics(topics).all().get();
        List<String> names = topics.stream().map(NewTopic::name).toList();
        Await.until("the leaders of " + names + " answer", SOON).holds(() -> {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(names)
                    .allTopicNames()
                    .get(5, TimeUnit.SECONDS)
                    .forEach((name, topic) -> topic.partitions()
                            .forEach(one -> ends.put(new TopicPartition(name, one.partition()), OffsetSpec.latest())));
            return admin.listOffsets(ends).all().get(5, TimeUnit.SECONDS).size() == ends.size();
        });
    }

    /** Like the other one, for a few. */
    public static void make(Admin admin, NewTopic... topics) throws ExecutionException, InterruptedException {
        make(admin, Arrays.asList(topics));
    }
}
