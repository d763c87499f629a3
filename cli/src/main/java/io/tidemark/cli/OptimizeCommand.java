package io.tidemark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark optimize}: measures, acts within bounds, recommends. */
@Command(
        name = "optimize",
        mixinStandardHelpOptions = true,
        description =
                "Measures the caches, then acts within bounds: sweeps what is due, reads again what is used and about"
                        + " to expire, warms what is asked for most when the hit rate is low; and recommends in words.")
final class OptimizeCommand implements Callable<Integer> {
    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Rows a second at most (default:" + " ${DEFAULT-VALUE}).")
    private long rate;

    @Option(
            names = "--warm",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Entries of each cache to read at" + " most (default: ${DEFAULT-VALUE}).")
    private long warm;

    @Option(
            names = "--sweep",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Members of tags to look at, at" + " most (default: ${DEFAULT-VALUE}).")
    private long sweep;

    @Option(
            names = "--hit-rate",
            paramLabel = "PERCENT",
            defaultValue = "80",
            description = "Below this, warm (default:" + " ${DEFAULT-VALUE}).")
    private long hitRate;

    @Mixin
    private CacheJob job = new CacheJob();

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode body = CacheJob.body();
        body.put("rate", rate);
        body.put("warm", warm);
        body.put("sweep", sweep);
        body.put("hit_rate_percent", hitRate);
        return job.run(target, "optimize", body);
    }
}
