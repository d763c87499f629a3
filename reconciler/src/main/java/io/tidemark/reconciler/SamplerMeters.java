package io.tidemark.reconciler;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.reconciler.sampler.CacheFigures;
import io.tidemark.reconciler.sampler.Sampler;
import java.util.function.ToDoubleFunction;

/** What the sampler sees, as metrics. */
final class SamplerMeters {
    private SamplerMeters() {}

    static void bind(MeterRegistry meters, Sampler sampler) {
        sampler.figures().forEach((cache, figures) -> {
            share(meters, cache, "1m", figures, f -> f.minute().share());
            share(meters, cache, "1h", figures, f -> f.hour().share());
            share(meters, cache, "24h", figures, f -> f.day().share());
            Gauge.builder("tidemark.consistency.alert", figures, f -> f.isAlert() ? 1 : 0)
                    .description("1 when a sampled entry was wrong in the last ten minutes")
                    .tag("cache", cache)
                    .register(meters);
            FunctionCounter.builder(
                            "tidemark.sampler.checked", figures, f -> f.inAll().checked())
                    .description("Entries that the sampler looked at")
                    .tag("cache", cache)
                    .register(meters);
            FunctionCounter.builder(
                            "tidemark.sampler.wrong", figures, f -> f.inAll().wrong())
                    .description("Entries that the sampler found wrong")
                    .tag("cache", cache)
                    .register(meters);
        });
    }

    private static void share(
            MeterRegistry meters,
            String cache,
            String window,
            CacheFigures figures,
            ToDoubleFunction<CacheFigures> share) {
        Gauge.builder("tidemark.consistency.ratio", figures, share)
                .description("Share of the sampled entries that were right")
                .tag("cache", cache)
                .tag("window", window)
                .register(meters);
    }
}
