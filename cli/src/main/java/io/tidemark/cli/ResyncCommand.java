package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.ArrayList;
import java.util.List;
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
                + " resynced, or whose interval is over. Readers find every entry all the time.")
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

    @Mixin
    private JobWait wait = new JobWait();

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        AdminClient client = target.client();
        ArrayNode before = before(client);
        if (!target.json()) {
            System.out.println(states(before));
        }
        if (checkOnly) {
            if (target.json()) {
                System.out.println(JSON.createObjectNode().set("before", before));
            }
            return ExitCode.GOOD;
        }
        ObjectNode body = CacheJob.body();
        caches.forEach(body.putArray("caches")::add);
        body.put("force", force).put("rate", rate);
        JsonNode result = client.post("/api/cache/resync", body.toString());
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

    private ArrayNode before(AdminClient client) throws InterruptedException {
        ArrayNode before = JSON.createArrayNode();
        if (caches.isEmpty()) {
            client.get("/api/cache/resync").forEach(before::add);
        } else {
            for (String cache : caches) {
                before.add(client.get("/api/cache/resync/" + cache));
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
                    state.path("exists").asBoolean() ? "yes" : "no",
                    Numbers.grouped(state.path("product_count").asLong()),
                    never ? "never" : state.path("last_sync").asText(),
                    never ? "-" : state.path("minutes_since").asText(),
                    state.path("needs_resync").asBoolean() ? "needs resync" : "fresh");
        }
        return table.toString();
    }

    private static String results(JsonNode job) {
        TextTable table = TextTable.ofNumbers(
                "cache", "outcome", "products loaded", "written", "removed", "duration ms", "timestamp");
        StringBuilder errors = new StringBuilder();
        for (JsonNode cache : job.path("caches")) {
            table.row(
                    cache.path("cache").asText(),
                    cache.path("outcome").asText(),
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
        }
        if (job.has("error")) {
            errors.append("\njob ")
                    .append(job.path("id").asText())
                    .append(": ")
                    .append(job.path("error").asText());
        }
        return "\n" + table + errors;
    }
}
