package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark resync}: says how old caches are, and reads those again that need it. */
@Command(
        name = "resync",
        mixinStandardHelpOptions = true,
        description = "Says of each cache whether it is fresh, and reads those again that are not: that were never"
                + " resynced, or whose interval is over; or some entries of one. Readers find every entry all the"
                + " time.")
final class ResyncCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "CACHE", arity = "0..*", description = "Caches of the pipeline file (default: all).")
    private List<String> caches = new ArrayList<>();

    @Option(names = "--force", description = "Resync also what is fresh.")
    private boolean force;

    @Option(names = "--check-only", description = "Only say how old caches are.")
    private boolean checkOnly;

    @Option(names = "--rate", paramLabel = "N", description = "Rows a second at most (default: as fast as it goes).")
    private long rate;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description =
                    "Where rows come from: database, or kafka, which spares the database (default: as the pipeline"
                            + " file says).")
    private String source = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Only the entry with this key, such as product:42; once for each of several.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--rows",
            paramLabel = "FROM..TO",
            description = "Only entries of rows whose primary key, a whole number, is in this range, such as 1..1000.")
    private String rows = "";

    @Mixin
    private JobWait wait = new JobWait();

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode body = body();
        AdminClient client = target.client();
        ArrayNode before = before(client);
        if (checkOnly) {
            System.out.println(
                    target.json()
                            ? JSON.createObjectNode().set("before", before).toString()
                            : states(before));
            return ExitCode.GOOD;
        }
        JsonNode result = client.post("/api/cache/resync", body.toString());
        if (!target.json()) {
            System.out.println(states(before));
        }
        boolean fresh = result.path("state").asText().equals("fresh");
        if (!fresh) {
            result = wait.await(client, result, CacheJob::progress);
        }
        if (target.json()) {
            ObjectNode all = JSON.createObjectNode();
            all.set("before", before);
            all.set("result", result);
            System.out.println(all);
        } else {
            System.out.println(
                    fresh ? "\nFresh: nothing is due. With --force it is resynced anyway." : results(result));
        }
        return fresh || !wait.isWanted() || isGood(result) ? ExitCode.GOOD : ExitCode.FAILED;
    }

    /** What is wished for; refuses what no cache-writer would do. */
    private ObjectNode body() {
        if (!source.isEmpty() && !source.equals("database") && !source.equals("kafka")) {
            throw new CommandFailure(ExitCode.USAGE, "expected --source database or kafka, found " + source);
        }
        if (!keys.isEmpty() && !rows.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "expected --key or --rows, found both");
        }
        if (isPartial() && caches.size() != 1) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "expected the one cache whose entries --key or --rows choose, found " + caches.size() + " caches");
        }
        if (isPartial() && checkOnly) {
            throw new CommandFailure(
                    ExitCode.USAGE, "expected no --check-only with --key or --rows: it says how old whole caches are");
        }
        ObjectNode body = CacheJob.body();
        caches.forEach(body.putArray("caches")::add);
        body.put("force", force).put("rate", rate);
        if (!source.isEmpty()) {
            body.put("source", source);
        }
        if (!keys.isEmpty()) {
            keys.forEach(body.putArray("keys")::add);
        }
        if (!rows.isEmpty()) {
            body.put("rows", rows);
        }
        return body;
    }

    private boolean isPartial() {
        return !keys.isEmpty() || !rows.isEmpty();
    }

    /** Whoever spares the database does not want all rows counted first. */
    private ArrayNode before(AdminClient client) throws InterruptedException {
        String count = isPartial() || source.equals("kafka") ? "?count=false" : "";
        ArrayNode before = JSON.createArrayNode();
        if (caches.isEmpty()) {
            client.get("/api/cache/resync" + count).forEach(before::add);
        } else {
            for (String cache : caches) {
                before.add(client.get("/api/cache/resync/" + cache + count));
            }
        }
        return before;
    }

    private static boolean isGood(JsonNode job) {
        boolean good = job.path("state").asText().equals("done");
        for (JsonNode cache : job.path("caches")) {
            good &= cache.path("success").asBoolean();
        }
        return good;
    }

    private static String states(ArrayNode states) {
        TextTable table =
                TextTable.ofNumbers("cache", "driver", "exists", "products", "last sync", "minutes since", "state");
        for (JsonNode state : states) {
            boolean never = state.path("last_sync").isNull();
            table.row(
                    state.path("cache").asText(),
                    state.path("driver").asText(),
                    state.path("exists").isNull() ? "-" : state.path("exists").asBoolean() ? "yes" : "no",
                    Numbers.grouped(state.path("product_count").asLong()),
                    never ? "never" : state.path("last_sync").asText(),
                    never ? "-" : state.path("minutes_since").asText(),
                    state.path("needs_resync").asBoolean() ? "needs resync" : "fresh");
        }
        return table.toString();
    }

    static String results(JsonNode job) {
        TextTable table = TextTable.ofNumbers(
                "cache", "outcome", "from", "products loaded", "written", "removed", "duration ms", "timestamp");
        StringBuilder errors = new StringBuilder();
        Set<String> notes = new LinkedHashSet<>();
        for (JsonNode cache : job.path("caches")) {
            table.row(
                    cache.path("cache").asText(),
                    cache.path("outcome").asText(),
                    cache.path("source").asText("-"),
                    Numbers.grouped(cache.path("product_count").asLong()),
                    Numbers.grouped(cache.path("written").asLong()),
                    Numbers.grouped(cache.path("removed").asLong()),
                    Numbers.grouped(cache.path("duration_ms").asLong()),
                    cache.path("last_sync").asText("-"));
            if (!cache.path("error").asText("").isEmpty()
                    && !cache.path("error").isNull()) {
                errors.append("\n")
                        .append(cache.path("cache").asText())
                        .append(": ")
                        .append(cache.path("error").asText());
            }
            errors.append(remarks(cache));
            if (cache.has("note")) {
                notes.add(cache.path("note").asText());
            }
        }
        notes.forEach(note -> errors.append("\n").append(note));
        if (job.has("error")) {
            errors.append("\njob ")
                    .append(job.path("id").asText())
                    .append(": ")
                    .append(job.path("error").asText());
        }
        return "\n" + table + errors;
    }

    private static String remarks(JsonNode cache) {
        String name = "\n" + cache.path("cache").asText() + ": ";
        StringBuilder remarks = new StringBuilder();
        if (cache.has("part")) {
            remarks.append(name).append(cache.path("part").asText()).append(" only; the rest is as old as before");
        }
        if (cache.has("rows_asked")) {
            remarks.append(name)
                    .append("PostgreSQL was asked for ")
                    .append(Numbers.grouped(cache.path("rows_asked").asLong()))
                    .append(" rows");
        }
        return remarks.toString();
    }
}
