package io.tidemark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark invalidate}: entries made stale by what they mean. */
@Command(
        name = "invalidate",
        mixinStandardHelpOptions = true,
        description =
                "Makes entries stale by tag, key, pattern, shop or type. Entries of rows are read from the database"
                        + " again; those of applications are filled again by whoever asks for them.")
final class InvalidateCommand implements Callable<Integer> {
    @Option(names = "--tag", paramLabel = "T", description = "A tag; may be given several times.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--key", paramLabel = "K", description = "A key; may be given several times.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--pattern", paramLabel = "P", description = "Keys by a pattern such as dashboard:7:*")
    private @Nullable String pattern;

    @Option(names = "--shop", paramLabel = "ID", description = "What carries a tag of this shop.")
    private @Nullable String shop;

    @Option(
            names = "--type",
            paramLabel = "CACHE",
            description = "What carries the tags of this cache; with --shop, of" + " that shop.")
    private @Nullable String type;

    @Option(names = "--all", description = "Take a pattern that matches everything.")
    private boolean all;

    @Mixin
    private CacheJob job = new CacheJob();

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode body = CacheJob.body();
        tags.forEach(body.putArray("tags")::add);
        keys.forEach(body.putArray("keys")::add);
        body.put("pattern", pattern);
        body.put("shop", shop);
        body.put("type", type);
        body.put("all", all);
        return job.run(target, "invalidate", body);
    }
}
