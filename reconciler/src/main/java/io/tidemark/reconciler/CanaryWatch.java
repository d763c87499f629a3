package io.tidemark.reconciler;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.canary.Canary;
import io.tidemark.reconciler.canary.CanaryFigures;
import io.tidemark.reconciler.http.CanarySource;
import io.tidemark.reconciler.postgres.CanaryRow;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The canary, where the pipeline file permits one. Thread-safe. */
final class CanaryWatch implements CanarySource, AutoCloseable {
    private static final String BEAT = "beat";

    private final @Nullable Canary canary;

    private CanaryWatch(@Nullable Canary canary) {
        this.canary = canary;
    }

    static CanaryWatch of(Pipeline pipeline, SourceDatabase database, Startup startup, MeterRegistry meters) {
        Optional<Cache> permitting = pipeline.caches().stream()
                .filter(cache -> cache.name().equals(Canary.CACHE))
                .findFirst();
        if (permitting.isEmpty()) {
            return new CanaryWatch(null);
        }
        Cache cache = permitting.get();
        String key = cache.key().render(JsonNodeFactory.instance.objectNode().put("id", 1));
        Canary canary = new Canary(
                new CanaryRow(database, cache.table()),
                () -> startup.entries().number(key, BEAT),
                () -> startup.waitingFor().isEmpty());
        Gauge.builder("tidemark.canary.seconds", canary, CanaryWatch::seconds)
                .description("From the canary's commit until it could be read in Redis, the last time or so far")
                .register(meters);
        canary.begin();
        return new CanaryWatch(canary);
    }

    private static double seconds(Canary canary) {
        CanaryFigures figures = canary.figures();
        Double last = figures.lastMillis();
        return Math.max(last == null ? 0 : last, figures.waitingMillis()) / 1000;
    }

    @Override
    public Optional<CanaryFigures> figures() {
        return Optional.ofNullable(canary).map(Canary::figures);
    }

    @Override
    public void close() {
        if (canary != null) {
            canary.close();
        }
    }
}
