package io.tidemark.cli;

import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.PipelineRights;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark access-config}: what the scripts of deploy/access have to know of the pipeline file. */
@Command(
        name = "access-config",
        mixinStandardHelpOptions = true,
        description =
                "Prints what the scripts of deploy/access have to know of the pipeline file, as settings of a shell: its"
                        + " tables, the keys of its caches, its publication and the prefix of its topics (docs/access.md). Asks no"
                        + " server and changes nothing.")
final class AccessConfigCommand implements Callable<Integer> {
    @Mixin
    private PipelineFile file = new PipelineFile();

    @Override
    public Integer call() {
        System.out.print(text(PipelineRights.of(Pipelines.read(file.path(), System.getenv()))));
        return ExitCode.GOOD;
    }

    /** Settings of a shell, a line each. */
    static String text(PipelineRights rights) {
        return "TABLES=" + quoted(String.join(",", rights.tables())) + "\nROWS="
                + quoted(String.join(" ", rights.rows())) + "\nPUBLICATION=" + quoted(rights.publication())
                + "\nPREFIX=" + quoted(rights.prefix()) + "\n";
    }

    /** As one word of a shell, whatever is in it. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
