package io.tidemark.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which pipeline file a command is about. */
final class PipelineFile {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "tidemark.yaml",
            description = "The pipeline file (default: ${DEFAULT-VALUE}).")
    private Path config = Path.of("tidemark.yaml");

    Path path() {
        return config;
    }
}
