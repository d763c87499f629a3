package io.tidemark.cachewriter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** What keeps changes from being polled is said with what to do about it. */
class PollTroubleTest {
    @Test
    void eachRightThatIsMissingIsNamed() {
        assertThat(PollTrouble.words(new TopicAuthorizationException(Set.of("shop.public.products"))))
                .contains("shop.public.products", "READ and DESCRIBE", "deploy/access/kafka-acls");
        assertThat(PollTrouble.words(GroupAuthorizationException.forGroupId("shop.cache-writer")))
                .contains("group shop.cache-writer", "READ and DESCRIBE");
        assertThat(PollTrouble.words(new SaslAuthenticationException("Invalid credentials")))
                .contains("refuses this service's user: Invalid credentials", "TIDEMARK_KAFKA_USER");
        assertThat(PollTrouble.words(new KafkaException("no such thing"))).endsWith("no such thing");
    }

    @Test
    void whatIsInTheWayIsShownUntilAPollWentWell() {
        PollTrouble trouble = new PollTrouble();
        assertThat(trouble.problem()).isNull();

        Thread.currentThread().interrupt();
        trouble.met(new TopicAuthorizationException(Set.of("shop.public.products")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(trouble.problem()).contains("shop.public.products");

        trouble.over();
        assertThat(trouble.problem()).isNull();
    }
}
