package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.kafka.KafkaBacklog;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How many records of each topic the writer's group has not applied yet, as a metric. Kafka is asked every few seconds on
 * a thread of its own, so that no look at the metrics waits for it. Thread-safe.
 */
@Singleton
final class LagMetrics implements MeterBinder {
    private static final long EVERY_SECONDS = 5;

    private final KafkaBacklog backlog;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lag-metrics");
        thread.setDaemon(true);
        return thread;
    });

    LagMetrics(KafkaBacklog backlog) {
        this.backlog = backlog;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MultiGauge lag = MultiGauge.builder("tidemark.lag.records")
                .description("Records of a topic behind the offsets that the cache writers have committed")
                .register(registry);
        refresher.scheduleWithFixedDelay(() -> look(lag), 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** While Kafka does not say, there is no series at all rather than an old figure. */
    private void look(MultiGauge lag) {
        Map<String, Long> topics = backlog.byTopic().orElse(Map.of());
        List<Row<?>> rows = new ArrayList<>();
        topics.forEach((topic, records) -> rows.add(Row.of(Tags.of("topic", topic), records)));
        lag.register(rows, true);
    }

    @PreDestroy
    void stop() {
        refresher.shutdownNow();
    }
}
