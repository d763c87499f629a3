package io.tidemark.reconciler.cause;

import java.util.List;

/** What Redis shows of entries and of itself. Thread-safe. */
public interface Traces {

    /** What there is of each key, in their order. */
    List<Evidence.Trace> traces(List<String> keys);

    /** Its own figures. */
    Evidence.RedisFigures figures();
}
