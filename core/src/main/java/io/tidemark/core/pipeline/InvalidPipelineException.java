package io.tidemark.core.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that cannot be used: everything that is wrong with them, in the order of the file. Exit code 2. */
public final class InvalidPipelineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<PipelineProblem> problems;

    public InvalidPipelineException(List<PipelineProblem> problems) {
        super(problems.stream().sorted().map(PipelineProblem::text).collect(Collectors.joining("\n")));
        this.problems = problems.stream().sorted().toList();
    }

    /** Everything that is wrong, in the order of the file; one problem at least. */
    public List<PipelineProblem> problems() {
        return problems;
    }

    /** A setting that is needed here and set nowhere. */
    static InvalidPipelineException unusable(String path, String what) {
        return new InvalidPipelineException(List.of(new PipelineProblem("settings", 0, 0, path, what)));
    }

    static InvalidPipelineException unset(String path, String expected) {
        String variable = Place.variableOf(path);
        return new InvalidPipelineException(List.of(new PipelineProblem(
                "settings",
                0,
                0,
                path,
                "expected " + expected + ", found none: set it in the pipeline file or as " + variable
                        + ", or let `tidemark up` start one")));
    }
}
