package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads the pipeline file for a command. */
final class Pipelines {
    private Pipelines() {}

    /** @throws CommandFailure with exit code 2 and everything that is wrong with the file */
    static Pipeline read(Path file, Map<String, String> environment) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "there is no pipeline file " + file.toAbsolutePath().normalize()
                            + "; name yours with --config FILE (docs/getting-started.md shows how to write one),"
                            + " or try the demo, which brings its own: ./tidemark demo");
        }
        try {
            return PipelineFile.load(file, environment).pipeline();
        } catch (InvalidPipelineException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the pipeline file cannot be used:\n"
                            + String.valueOf(e.getMessage()).indent(2).stripTrailing(),
                    e);
        }
    }
}
