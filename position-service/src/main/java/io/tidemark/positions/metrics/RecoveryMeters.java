package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.recovery.RecoveryReport;
import io.tidemark.positions.recovery.StoreRecovery.Outcome;
import java.util.Locale;
import java.util.function.Consumer;

/** Counts what recoveries brought back and from where. Thread-safe. */
public final class RecoveryMeters implements Consumer<RecoveryReport> {
    private final MeterRegistry registry;

    public RecoveryMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Layer layer : Layer.values()) {
            if (layer != Layer.REDIS && layer != Layer.START) {
                restored(layer);
            }
        }
        failed();
        timer(true);
        timer(false);
    }

    @Override
    public void accept(RecoveryReport report) {
        report.restoredFrom().forEach((layer, stores) -> restored(layer).increment(stores));
        failed().increment(report.count(Outcome.FAILED));
        timer(report.success()).record(report.took());
    }

    private Counter restored(Layer layer) {
        return Counter.builder("tidemark.positions.restored")
                .description("Positions brought back into Redis, by the layer that knew them")
                .tag("layer", layer.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private Counter failed() {
        return Counter.builder("tidemark.positions.unrestored")
                .description("Positions that a recovery could not bring back; each try counts")
                .register(registry);
    }

    private Timer timer(boolean success) {
        return Timer.builder("tidemark.position.recoveries")
                .description("Recoveries that had something to do")
                .tag("success", Boolean.toString(success))
                .register(registry);
    }
}
