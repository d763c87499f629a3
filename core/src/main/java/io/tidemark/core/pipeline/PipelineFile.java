package io.tidemark.core.pipeline;

import java.nio.file.Path;
import java.util.Map;

/**
 * The pipeline file as it was read: what it says, and where in it each thing stands. Immutable.
 *
 * @param pipeline what it says, with the environment's overrides
 */
public record PipelineFile(Pipeline pipeline) {

    /** The environment variable that names the pipeline file. */
    public static final String CONFIG_VARIABLE = "TIDEMARK_CONFIG";

    /**
     * Reads the file that {@value #CONFIG_VARIABLE} names, {@code tidemark.yaml} in the working directory otherwise.
     *
     * @param environment the environment's variables, as {@link System#getenv()} gives them
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static PipelineFile fromEnvironment(Map<String, String> environment) {
        return load(Path.of(environment.getOrDefault(CONFIG_VARIABLE, "tidemark.yaml")), environment);
    }

    /**
     * Reads a file.
     *
     * @param environment the environment's variables, which override what stands in the file
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static PipelineFile load(Path file, Map<String, String> environment) {
        throw new UnsupportedOperationException("BUG: not yet written: " + file + environment.size());
    }
}
