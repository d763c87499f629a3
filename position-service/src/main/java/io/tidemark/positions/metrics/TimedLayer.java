package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Times how long another layer takes to answer, and counts what became of the positions written to it. Thread-safe. */
public final class TimedLayer implements PositionLayer {
    private final PositionLayer layer;
    private final MeterRegistry registry;
    private final String name;
    private final Map<Verdict, Counter> written = new EnumMap<>(Verdict.class);

    public TimedLayer(PositionLayer layer, MeterRegistry registry) {
        this.layer = layer;
        this.registry = registry;
        this.name = layer.layer().name().toLowerCase(Locale.ROOT);
        for (Verdict verdict : Verdict.values()) {
            written.put(
                    verdict,
                    Counter.builder("tidemark.positions.written")
                            .description("Positions that a layer was given, by its verdict: lower ones were refused")
                            .tags("layer", name, "verdict", verdict.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        timer("read", "ok");
        timer("write", "ok");
    }

    @Override
    public Layer layer() {
        return layer.layer();
    }

    @Override
    public Map<StoreId, Checkpoint> read(Collection<StoreId> stores) {
        return timed("read", () -> layer.read(stores));
    }

    @Override
    public Map<StoreId, Verdict> write(Collection<Checkpoint> checkpoints) {
        Map<StoreId, Verdict> verdicts = timed("write", () -> layer.write(checkpoints));
        verdicts.values().forEach(verdict -> {
            Counter counter = written.get(verdict);
            if (counter != null) {
                counter.increment();
            }
        });
        return verdicts;
    }

    private <T> T timed(String operation, Supplier<T> question) {
        Timer.Sample began = Timer.start(registry);
        String result = "failed";
        try {
            T answer = question.get();
            result = "ok";
            return answer;
        } finally {
            began.stop(timer(operation, result));
        }
    }

    private Timer timer(String operation, String result) {
        return Timer.builder("tidemark.position.layer")
                .description("How long a layer took to read or to keep positions, all of one request together")
                .tags("layer", name, "operation", operation, "result", result)
                .register(registry);
    }
}
