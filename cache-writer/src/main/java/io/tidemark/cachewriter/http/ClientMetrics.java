package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.admin.ClientOperations;
import jakarta.inject.Singleton;
import java.util.stream.Stream;

/** What clients do with the caches, as metrics: by the caches of the pipeline file, and all others together. */
@Singleton
final class ClientMetrics implements MeterBinder {
    private final ClientOperations operations;

    ClientMetrics(ClientOperations operations) {
        this.operations = operations;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Stream.concat(operations.caches().stream(), Stream.of(ClientOperations.OTHER))
                .forEach(cache -> ClientOperations.COUNTED.forEach(what -> FunctionCounter.builder(
                                "tidemark.cache.operations", operations, o -> o.count(cache, what))
                        .description(
                                "Reads and fills as clients count them in Redis; every cache-writer shows the same")
                        .tags("cache", cache, "operation", what)
                        .register(registry)));
    }
}
