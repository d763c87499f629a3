package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark replay}: has changes that Kafka still holds applied once more. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Applies changes once more that Kafka still holds, newest first, beside the running consumers and under the"
                        + " same fences, and removes entries whose row is gone. What is right stays as it is.")
final class ReplayCommand implements Callable<Integer> {
    @Option(names = "--cache", paramLabel = "C", description = "Only this cache (default: all).")
    private String cache = "";

    @Option(names = "--tag", paramLabel = "T", description = "Only rows that carry this tag, or may.")
    private String tag = "";

    @Option(names = "--key", paramLabel = "K", description = "Only the entry with this key, such as product:42.")
    private String key = "";

    @Option(
            names = "--from",
            paramLabel = "F",
            defaultValue = "earliest",
            description = "earliest, a time such as 2026-11-21T14:00:00Z, or an offset (default: ${DEFAULT-VALUE}).")
    private String from = "earliest";

    @Option(names = "--dry-run", description = "Only count what would be done.")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N", description = "Records a second at most (default: as fast as it goes).")
    private long rate;

    @Mixin
    private JobWait wait = new JobWait();

    @ArgGroup
    private @Nullable Other other;

    @Mixin
    private CacheTarget target = new CacheTarget();

    /** What is done with replays that have begun. */
    static final class Other {
        @Option(names = "--pause", paramLabel = "ID", description = "Have a replay wait.")
        private @Nullable String pause;

        @Option(names = "--resume", paramLabel = "ID", description = "Let a replay that waits go on.")
        private @Nullable String resume;

        @Option(names = "--cancel", paramLabel = "ID", description = "Have a replay stop; what it did stays done.")
        private @Nullable String cancel;

        @Option(names = "--log", description = "Say who had what replayed, when, and what came of it.")
        private boolean log;
    }

    @Override
    public Integer call() throws InterruptedException {
        AdminClient client = target.client();
        if (other != null) {
            return other(client, other);
        }
        ObjectNode body = CacheJob.body();
        body.put("cache", cache).put("tag", tag).put("key", key).put("from", from);
        body.put("dry_run", dryRun).put("rate", rate).put("by", System.getProperty("user.name", ""));
        JsonNode answer = client.post("/api/cache/replay", body.toString());
        answer = wait.await(client, answer, CacheJob::progress);
        System.out.println(target.json() ? answer.toString() : text(answer, dryRun));
        return !wait.isWanted() || answer.path("state").asText().equals("done") ? ExitCode.GOOD : ExitCode.FAILED;
    }

    private int other(AdminClient client, Other what) throws InterruptedException {
        if (what.log) {
            JsonNode log = client.get("/api/cache/replay/log");
            System.out.println(target.json() ? log.toString() : table(log));
            return ExitCode.GOOD;
        }
        JsonNode job;
        if (what.pause != null) {
            job = client.post(path(what.pause) + "/pause", "");
        } else if (what.resume != null) {
            job = client.post(path(what.resume) + "/resume", "");
        } else {
            job = client.post(path(String.valueOf(what.cancel)) + "/cancel", "");
        }
        System.out.println(target.json() ? job.toString() : CacheJob.text("replay", job));
        return ExitCode.GOOD;
    }

    private static String path(String id) {
        if (!id.matches("[0-9a-z-]{1,40}")) {
            throw new CommandFailure(ExitCode.USAGE, "expected the id of a replay such as 1f0c22ab, found " + id);
        }
        return "/api/cache/replay/" + id;
    }

    static String text(JsonNode job, boolean dryRun) {
        StringBuilder text = new StringBuilder(CacheJob.text("replay", job));
        JsonNode examples = job.path("deletes_dropped_examples");
        if (!examples.isEmpty()) {
            text.append("\n\nEntries whose row is gone, and whose delete Kafka has dropped, among them:");
            examples.forEach(one -> text.append("\n  ").append(one.asText()));
        }
        if (dryRun) {
            JsonNode counts = job.path("counts");
            text.append("\n\nNothing was changed. Without --dry-run ")
                    .append(Numbers.grouped(counts.path("would_write").asLong()))
                    .append(" entries would be written, ")
                    .append(Numbers.grouped(counts.path("would_delete").asLong()))
                    .append(" deleted and ")
                    .append(Numbers.grouped(counts.path("would_read_again").asLong()))
                    .append(" read again from PostgreSQL; the fences would refuse ")
                    .append(Numbers.grouped(counts.path("refused_by_fences").asLong()))
                    .append(" of ")
                    .append(Numbers.grouped(counts.path("records").asLong()))
                    .append(" records.");
        }
        return text.toString();
    }

    private static String table(JsonNode log) {
        TextTable table = TextTable.ofNumbers("at", "id", "what", "who", "of", "from", "records", "refused", "written");
        for (JsonNode line : log) {
            String of = (line.path("cache").asText() + " " + line.path("tag").asText() + " "
                            + line.path("key").asText())
                    .strip();
            JsonNode counts = line.path("counts");
            table.row(
                    line.path("at").asText(),
                    line.path("id").asText(),
                    line.path("what").asText() + (line.path("dry_run").asBoolean() ? " (dry run)" : ""),
                    line.path("who").asText(),
                    of.isEmpty() ? "all" : of,
                    line.path("from").asText(),
                    number(counts, "records"),
                    number(counts, "refused_by_fences"),
                    number(counts, "written"));
        }
        return table.toString();
    }

    private static String number(JsonNode counts, String name) {
        return counts.has(name) ? Numbers.grouped(counts.path(name).asLong()) : "-";
    }
}
