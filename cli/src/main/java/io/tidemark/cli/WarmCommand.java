package io.tidemark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark warm}: fills what is missing. */
@Command(
        name = "warm",
        mixinStandardHelpOptions = true,
        description =
                "Fills what is missing of caches, from the database or from Kafka, what is asked for most first. What"
                        + " is there stays. An interrupted warming goes on where it was. What is not said here, the pipeline file"
                        + " says.")
final class WarmCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CACHE", arity = "0..*", description = "Caches of the pipeline file (default: all).")
    private List<String> caches = new ArrayList<>();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Kinds of data in place of caches, such as products or dashboard: a cache's name, a tag, an"
                    + " application's cache; or all. Counted by kind.")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--rate", paramLabel = "N", description = "Rows a second at most; 0: as fast as it goes.")
    private @Nullable Long rate;

    @Option(names = "--limit", paramLabel = "N", description = "Entries of each cache at most.")
    private @Nullable Long limit;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description = "Where rows come from: database, or kafka, which spares the database.")
    private @Nullable String source;

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
        kinds.forEach(body.putArray("kinds")::add);
        body.put("restart", restart);
        if (rate != null) {
            body.put("rate", rate);
        }
        if (limit != null) {
            body.put("limit", limit);
        }
        if (source != null) {
            body.put("source", source);
        }
        return job.run(target, "warm", body);
    }
}
