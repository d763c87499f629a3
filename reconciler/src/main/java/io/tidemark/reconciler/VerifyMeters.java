package io.tidemark.reconciler;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What comparisons found, as metrics. Thread-safe. */
final class VerifyMeters {
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Map<String, AtomicLong> entries = new ConcurrentHashMap<>();
    private final Map<String, AtomicReference<Instant>> ages = new ConcurrentHashMap<>();

    VerifyMeters(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** Takes in a comparison that has ended. */
    void ended(Run run) {
        String state = run.state().name().toLowerCase(Locale.ROOT);
        Timer.builder("tidemark.verify.run")
                .description("Comparisons that ended, by how")
                .tag("state", state)
                .register(meters)
                .record(run.duration());
        run.tallies().forEach((cache, tally) -> {
            if (tally.isComplete()) {
                compared(cache, tally);
                ages.computeIfAbsent(cache, this::ageGauge).set(clock.instant());
            }
        });
    }

    private void compared(String cache, Tally tally) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict != Verdict.GONE) {
                String name = verdict.name().toLowerCase(Locale.ROOT);
                entries.computeIfAbsent(cache + " " + name, key -> gauge(cache, name))
                        .set(tally.count(verdict));
            }
        }
    }

    private AtomicReference<Instant> ageGauge(String cache) {
        AtomicReference<Instant> ended = new AtomicReference<>(clock.instant());
        Gauge.builder(
                        "tidemark.verify.age.seconds",
                        ended,
                        at -> Duration.between(at.get(), clock.instant()).toMillis() / 1_000.0)
                .description("Since a comparison of the cache was complete")
                .tag("cache", cache)
                .strongReference(true)
                .register(meters);
        return ended;
    }

    /** Entries of the last complete comparison, by what was found of them. */
    private AtomicLong gauge(String cache, String verdict) {
        AtomicLong value = new AtomicLong();
        Gauge.builder("tidemark.verify.entries", value, AtomicLong::get)
                .description("Entries of the last complete comparison of a cache, by what was found of them")
                .tags("cache", cache, "verdict", verdict)
                .strongReference(true)
                .register(meters);
        return value;
    }
}
