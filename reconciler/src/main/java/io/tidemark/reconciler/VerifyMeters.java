package io.tidemark.reconciler;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What comparisons found, as metrics. Thread-safe. */
final class VerifyMeters {
    private final MeterRegistry meters;
    private final Map<String, AtomicLong> entries = new ConcurrentHashMap<>();

    VerifyMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Takes in a comparison that has ended. */
    void ended(Run run) {
        String state = run.state().name().toLowerCase(Locale.ROOT);
        meters.timer("tidemark.verify.run", "state", state).record(run.duration());
        run.tallies().forEach((cache, tally) -> {
            if (tally.isComplete()) {
                compared(cache, tally);
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

    /** Entries of the last complete comparison, by what was found of them. */
    private AtomicLong gauge(String cache, String verdict) {
        AtomicLong value = new AtomicLong();
        return meters.gauge("tidemark.verify.entries", Tags.of("cache", cache, "verdict", verdict), value);
    }
}
