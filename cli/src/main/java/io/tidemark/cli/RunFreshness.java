package io.tidemark.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Freshness over a run, of looks at cache-writer's figures over its last ten seconds. What the first twenty seconds showed is told apart,
 * as changes wait there behind what was to be loaded and behind cold code. Not thread-safe.
 */
final class RunFreshness {
    /** Ten seconds to begin with, and then until cache-writer's figures have forgotten them. */
    static final Duration START = Duration.ofSeconds(20);

    private final List<Double> p50s = new ArrayList<>();
    private final List<Double> p99s = new ArrayList<>();
    private final List<Double> firstP50s = new ArrayList<>();
    private final List<Double> firstP99s = new ArrayList<>();

    /** @param sinceStart how long the run had gone on when it was looked at */
    void seen(Duration sinceStart, OptionalDouble p50Millis, OptionalDouble p99Millis) {
        boolean isFirst = sinceStart.compareTo(START) < 0;
        p50Millis.ifPresent((isFirst ? firstP50s : p50s)::add);
        p99Millis.ifPresent((isFirst ? firstP99s : p99s)::add);
    }

    /** The median of what was seen, in milliseconds. */
    OptionalDouble p50Millis() {
        List<Double> those = p50s.isEmpty() ? firstP50s : p50s;
        return those.stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .skip(those.size() / 2)
                .findFirst();
    }

    /** The highest that was seen, in milliseconds; of a run that was over in its first twenty seconds: of these. */
    OptionalDouble p99Millis() {
        return highest(p99s.isEmpty() ? firstP99s : p99s);
    }

    /** The highest that was seen in the first twenty seconds, in milliseconds. */
    OptionalDouble firstP99Millis() {
        return highest(firstP99s);
    }

    private static OptionalDouble highest(List<Double> millis) {
        return millis.stream().mapToDouble(Double::doubleValue).max();
    }
}
