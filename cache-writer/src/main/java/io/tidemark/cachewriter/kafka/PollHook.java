package io.tidemark.cachewriter.kafka;

import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Lets {@link PollLoop} run before every poll. Micronaut calls a listener only when there are records, but commits, holds
 * and a Redis that was emptied need the polling thread when nothing comes, and so does the proof that it is alive.
 */
@Singleton
final class PollHook implements BeanCreatedEventListener<Consumer<?, ?>> {
    private final BeanProvider<PollLoop> loop;

    PollHook(BeanProvider<PollLoop> loop) {
        this.loop = loop;
    }

    @Override
    public Consumer<?, ?> onCreated(BeanCreatedEvent<Consumer<?, ?>> event) {
        Consumer<?, ?> consumer = event.getBean();
        return (Consumer<?, ?>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("poll")) {
                        loop.get().beforePoll(consumer);
                    }
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
