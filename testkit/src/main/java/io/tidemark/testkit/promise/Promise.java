package io.tidemark.testkit.promise;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that must hold whatever dies or hangs. A checker is fed with observations while things go wrong and is asked
 * afterwards. It knows nothing of PostgreSQL, Kafka or Redis: who observes says what was seen. Thread-safe.
 */
public interface Promise {

    /** The promise in one sentence. */
    String statement();

    /** Every contradiction between the promise and what was observed; empty when it was kept. */
    List<Violation> violations();

    /** @throws AssertionError with the first of the violations, when there are any */
    default void requireKept() {
        List<Violation> found = violations();
        if (!found.isEmpty()) {
            String first = found.stream().limit(10).map(v -> "\n  " + v).collect(Collectors.joining());
            throw new AssertionError("broken promise: " + statement() + " " + found.size() + " violation(s):" + first);
        }
    }
}
