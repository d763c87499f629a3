package io.tidemark.reconciler.http;

import io.tidemark.reconciler.canary.CanaryFigures;
import java.util.Optional;

/** Where the canary's figures come from. Thread-safe. */
@FunctionalInterface
public interface CanarySource {

    /** Empty when the pipeline file has no cache that permits a canary. */
    Optional<CanaryFigures> figures();
}
