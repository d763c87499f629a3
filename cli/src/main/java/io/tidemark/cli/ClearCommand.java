package io.tidemark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark clear}: caches made anew, without a moment in which they are empty. */
@Command(
        name = "clear",
        mixinStandardHelpOptions = true,
        description =
                "Makes caches anew: entries of rows are read from the database in place, so readers see the old or"
                        + " the new; entries that applications fill are invalidated.")
final class ClearCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "CACHE",
            arity = "0..*",
            description = "The caches; those of applications by what their" + " keys begin with.")
    private List<String> caches = new ArrayList<>();

    @Option(names = "--all", description = "Every cache.")
    private boolean all;

    @Option(names = "--rate", paramLabel = "N", description = "Rows a second at most (default: as fast as it goes).")
    private long rate;

    @Mixin
    private CacheJob job = new CacheJob();

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode body = CacheJob.body();
        caches.forEach(body.putArray("caches")::add);
        body.put("all", all);
        body.put("rate", rate);
        return job.run(target, "clear", body);
    }
}
