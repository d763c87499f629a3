package io.tidemark.cachewriter.kafka;

import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Lets {@link PollLoop} run before every poll. Micronaut calls a listener only when there are records, but commits, holds
 * and a Redis that was emptied need the polling thread when nothing comes, and so does the proof that it is alive. What a poll
 * fails with goes to {@link PollTrouble}.
 */
@Singleton
final class PollHook implements BeanCreatedEventListener<Consumer<?, ?>> {
    private final BeanProvider<PollLoop> loop;
    private final PollTrouble trouble;

    PollHook(BeanProvider<PollLoop> loop, PollTrouble trouble) {
        this.loop = loop;
        this.trouble = trouble;
    }

    @Override
    public Consumer<?, ?> onCreated(BeanCreatedEvent<Consumer<?, ?>> event) {
        Consumer<?, ?> consumer = event.getBean();
        return (Consumer<?, ?>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    boolean isPoll = method.getName().equals("poll");
                    if (isPoll) {
                        loop.get().beforePoll(consumer);
                    }
                    try {
                        Object answer = method.invoke(consumer, arguments);
                        if (isPoll) {
                            trouble.over();
                        }
                        return answer;
                    } catch (InvocationTargetException failure) {
                        if (isPoll && failure.getCause() instanceof KafkaException met && isTrouble(met)) {
                            trouble.met(met);
                            return ConsumerRecords.empty();
                        }
                        throw failure.getCause();
                    }
                });
    }

    /** Two of Kafka's exceptions are no trouble: they end the loop. */
    private static boolean isTrouble(KafkaException failure) {
        return !(failure instanceof WakeupException) && !(failure instanceof InterruptException);
    }
}
