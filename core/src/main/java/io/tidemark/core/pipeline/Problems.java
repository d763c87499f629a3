package io.tidemark.core.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong while a pipeline file is read, so that all of it is said at once. Not thread-safe. */
final class Problems {
    private final List<PipelineProblem> found = new ArrayList<>();

    void add(Place place, String message) {
        found.add(place.problem(message));
    }

    boolean none() {
        return found.isEmpty();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidPipelineException(found);
        }
    }
}
