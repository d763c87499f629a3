package io.tidemark.core.pipeline;

import java.util.Locale;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Where a setting stands: in the file, or in the environment, which wins.
 *
 * @param source the file's name, or the variable's
 * @param line line in the file, from 1; 0 when it stands in the environment
 * @param column column in the file, from 1
 * @param path which setting it is
 */
record Place(String source, int line, int column, String path) {

    /** Where a node of the file begins. */
    static Place of(String file, Node node, String path) {
        return node.getStartMark()
                .map(mark -> new Place(file, mark.getLine() + 1, mark.getColumn() + 1, path))
                .orElseGet(() -> new Place(file, 1, 1, path));
    }

    /** A variable of the environment. */
    static Place inEnvironment(String variable, String path) {
        return new Place(variable, 0, 0, path);
    }

    /** The environment variable that overrides the setting at this path. */
    static String variableOf(String path) {
        return "TIDEMARK_" + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    PipelineProblem problem(String message) {
        String text = line == 0 ? source : source + ":" + line + ":" + column;
        return new PipelineProblem(text, line, column, path, message);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
