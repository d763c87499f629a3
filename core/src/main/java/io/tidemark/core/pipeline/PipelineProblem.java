package io.tidemark.core.pipeline;

import java.util.Comparator;

/**
 * One thing that is wrong with the settings, written for whoever mends it.
 *
 * @param place where it stands: {@code tidemark.yaml:12:10}, or the environment variable
 * @param line line in the file, from 1; 0 when it does not stand in the file
 * @param column column in the file, from 1; 0 when it does not stand in the file
 * @param path which setting, as {@code caches.product.key}; empty for the file as a whole
 * @param message what was expected, what was found and what to do; never a secret
 */
public record PipelineProblem(String place, int line, int column, String path, String message)
        implements Comparable<PipelineProblem> {

    private static final Comparator<PipelineProblem> ORDER = Comparator.comparingInt(PipelineProblem::line)
            .thenComparingInt(PipelineProblem::column)
            .thenComparing(PipelineProblem::place)
            .thenComparing(PipelineProblem::path)
            .thenComparing(PipelineProblem::message);

    /** The problem in one line. */
    public String text() {
        return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }

    @Override
    public int compareTo(PipelineProblem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text();
    }
}
