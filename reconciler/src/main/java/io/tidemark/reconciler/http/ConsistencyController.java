package io.tidemark.reconciler.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.reconciler.canary.CanaryFigures;
import io.tidemark.reconciler.sampler.CacheFigures;
import io.tidemark.reconciler.sampler.Figure;
import io.tidemark.reconciler.sampler.Sampler;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how right the caches are, as a sample that goes on all the time sees it. */
@Controller("/api/consistency")
final class ConsistencyController {
    private final Sampler sampler;
    private final CanarySource canary;

    ConsistencyController(Sampler sampler, CanarySource canary) {
        this.sampler = sampler;
        this.canary = canary;
    }

    /**
     * The figures of all caches.
     *
     * @param alert whether an entry of any was wrong in the last ten minutes
     * @param canary how long a row takes from its commit to Redis; null without a cache that permits one
     */
    @Serdeable
    record Answer(
            boolean alert,
            Map<String, OfCache> caches,
            @Nullable OfCanary canary) {}

    /**
     * How long the canary took of late, from its commit until it could be read in Redis.
     *
     * @param flights how many of the last ones the figures are of
     * @param waitingMillis for how long the present one is under way; 0 when none is
     * @param problem why none can be sent; null when one can
     */
    @Serdeable
    record OfCanary(
            int flights,
            @Nullable Double lastMillis,
            @Nullable Double p50Millis,
            @Nullable Double p99Millis,
            long waitingMillis,
            @Nullable String problem) {
        static OfCanary of(CanaryFigures figures) {
            return new OfCanary(
                    figures.flights(),
                    figures.lastMillis(),
                    figures.p50Millis(),
                    figures.p99Millis(),
                    figures.waitingMillis(),
                    figures.problem());
        }
    }

    /**
     * The figures of one cache.
     *
     * @param lastWrong the last entry that was wrong since the start; null for none
     */
    @Serdeable
    record OfCache(
            boolean alert,
            OfWindow minute,
            OfWindow hour,
            OfWindow day,
            @Nullable Wrong lastWrong) {}

    /**
     * The figures of a while.
     *
     * @param share how many entries were right, 0 to 1
     * @param nines how many nines that is with 95 % certainty, from a sample of this size
     */
    @Serdeable
    record OfWindow(long checked, long wrong, double share, double nines) {
        static OfWindow of(Figure figure) {
            return new OfWindow(
                    figure.checked(), figure.wrong(), figure.share(), Math.round(figure.nines() * 10) / 10.0);
        }
    }

    /** An entry that was wrong; never what is in it. */
    @Serdeable
    record Wrong(String key, String kind, String cause, String evidence) {}

    @Get
    Answer consistency() {
        Map<String, OfCache> caches = new LinkedHashMap<>();
        sampler.figures().forEach((cache, figures) -> caches.put(cache, of(figures)));
        return new Answer(
                caches.values().stream().anyMatch(OfCache::alert),
                caches,
                canary.figures().map(OfCanary::of).orElse(null));
    }

    private static OfCache of(CacheFigures figures) {
        return new OfCache(
                figures.isAlert(),
                OfWindow.of(figures.minute()),
                OfWindow.of(figures.hour()),
                OfWindow.of(figures.day()),
                figures.lastWrong()
                        .map(wrong -> new Wrong(wrong.key(), wrong.kind(), wrong.cause(), wrong.evidence()))
                        .orElse(null));
    }
}
