package io.tidemark.cachewriter.kafka;

import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps the changes from being polled, such as a right that was taken away: said once, shown by readiness, and tried
 * again after a pause. Micronaut would poll again at once and log each failure. The polling thread tells it; any thread
 * may ask.
 */
@Singleton
public final class PollTrouble {
    private static final Logger LOG = LoggerFactory.getLogger(PollTrouble.class);
    private static final long PAUSE_MILLIS = 1_000;

    private volatile @Nullable String problem;

    /** What is in the way and what to do, for a person; null when nothing is. */
    public @Nullable String problem() {
        return problem;
    }

    /** Pauses the polling thread. An interrupt ends the pause and is kept for the next poll. */
    void met(KafkaException failure) {
        String words = words(failure);
        if (!words.equals(problem)) {
            problem = words;
            LOG.warn("changes wait in Kafka and are tried again each second: {}", words);
        }
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    void over() {
        if (problem != null) {
            problem = null;
            LOG.info("changes are read from Kafka again");
        }
    }

    static String words(KafkaException failure) {
        if (failure instanceof TopicAuthorizationException topics) {
            return "Kafka does not let this service read " + topics.unauthorizedTopics()
                    + "; give its user READ and DESCRIBE there, as deploy/access/kafka-acls does";
        }
        if (failure instanceof GroupAuthorizationException group) {
            return "Kafka does not let this service into the consumer group " + group.groupId()
                    + "; give its user READ and DESCRIBE there, as deploy/access/kafka-acls does";
        }
        if (failure instanceof AuthenticationException) {
            return "Kafka refuses this service's user: " + failure.getMessage()
                    + "; see kafka in the pipeline file and TIDEMARK_KAFKA_USER with its password";
        }
        return "Kafka cannot be read: " + failure.getMessage();
    }
}
