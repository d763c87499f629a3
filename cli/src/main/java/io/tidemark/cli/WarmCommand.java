package io.tidemark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark warm}: fills what is missing. */
@Command(
        name = "warm",
        mixinStandardHelpOptions = true,
        description = "Fills what is missing of caches from the database, what is asked for most first. What is there"
                + " stays. An interrupted warming goes on where it was.")
final class WarmCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CACHE", arity = "0..*", description = "Caches of the pipeline file (default: all).")
    private List<String> caches = new ArrayList<>();

    @Option(names = "--rate", paramLabel = "N", description = "Rows a second at most (default: as fast as it goes).")
    private long rate;

    @Option(names = "--limit", paramLabel = "N", description = "Entries of each cache at most.")
    private long limit;

    @Option(names = "--restart", description = "Begin anew where an earlier warming was interrupted.")
    private boolean restart;

    @Mixin
    private CacheJob job = new CacheJob();

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode body = CacheJob.body();
        caches.forEach(body.putArray("caches")::add);
        body.put("rate", rate);
        body.put("restart", restart);
        if (limit != 0) {
            body.put("limit", limit);
        }
        return job.run(target, "warm", body);
    }
}
