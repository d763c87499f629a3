package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.api.Comparison;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark reconcile}: what differs is found, explained and repaired. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares caches with the database, says why entries differ, and has them repaired. Exits 0 when"
                + " nothing differed or all of it is repaired, 3 when something still differs.")
final class ReconcileCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--cache", paramLabel = "C", description = "Only this cache; may be given more than once.")
    private List<String> caches = new ArrayList<>();

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "Only the caches of this table: those kept of it, and those whose query depends on it.")
    private List<String> models = new ArrayList<>();

    @Option(names = "--check-only", description = "Only find and explain; repair nothing.")
    private boolean checkOnly;

    @Option(names = "--force", description = "Read everything from the database again, what is right too.")
    private boolean force;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Rows to read at once, 1 to 10000 (default: as many as fit into 4 MB).")
    private @Nullable Long batchSize;

    @Option(names = "--max-instances", paramLabel = "N", description = "Rows of each cache to look at, at most.")
    private @Nullable Long maxInstances;

    @Option(names = "--rate", paramLabel = "N", description = "Rows a second at most (default: as fast as it goes).")
    private @Nullable Long rate;

    @Option(names = "--verbose", description = "Show up to a thousand entries of each kind, not ten.")
    private boolean verbose;

    @Mixin
    private JobWait wait = new JobWait();

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private ReconcilerTarget target = new ReconcilerTarget();

    @Override
    public Integer call() throws InterruptedException {
        AdminClient client = target.client();
        JsonNode run = wait.await(client, client.post("/api/reconcile", body().toString()), ReconcileCommand::progress);
        Comparison comparison = Comparison.of(run);
        System.out.println(json ? run.toString() : text(comparison));
        if (run.path("state").asText().matches("failed|cancelled")) {
            System.err.println("tidemark: " + run.path("error").asText());
            return ExitCode.FAILED;
        }
        long left = checkOnly ? comparison.different() : comparison.repairs("repairsFailed");
        return left > 0 ? ExitCode.DRIFT : ExitCode.GOOD;
    }

    private ObjectNode body() {
        ObjectNode body = JSON.createObjectNode();
        caches.forEach(body.putArray("caches")::add);
        models.forEach(body.putArray("models")::add);
        body.put("checkOnly", checkOnly).put("force", force).put("verbose", verbose);
        putIfGiven(body, "batchSize", batchSize);
        putIfGiven(body, "maxInstances", maxInstances);
        putIfGiven(body, "rowsPerSecond", rate);
        return body;
    }

    private static void putIfGiven(ObjectNode body, String field, @Nullable Long value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    private static String progress(JsonNode run) {
        JsonNode progress = run.path("progress");
        if (run.path("state").asText().equals("waiting")) {
            return "waiting for the comparison before it to end";
        }
        String left = progress.path("secondsLeft").isNumber()
                ? ", about " + progress.path("secondsLeft").asLong() + " s left"
                : "";
        return run.path("state").asText() + " " + progress.path("cache").asText("") + ": "
                + Numbers.grouped(progress.path("rows").asLong()) + " rows, "
                + Numbers.grouped(progress.path("rowsPerSecond").asLong()) + " a second" + left;
    }

    static String text(Comparison comparison) {
        StringBuilder text = new StringBuilder(VerifyCommand.text(comparison));
        if (!comparison.causes().isEmpty()) {
            TextTable causes = TextTable.ofNumbers("cause", "entries");
            comparison.causes().forEach((cause, count) -> causes.row(cause, Numbers.grouped(count)));
            text.append("\n\n").append(causes);
        }
        long asked = comparison.repairs("repairsAsked");
        if (asked > 0) {
            text.append("\n\nOf ")
                    .append(Numbers.grouped(asked))
                    .append(" entries that were to be repaired, ")
                    .append(Numbers.grouped(comparison.repairs("repaired")))
                    .append(" are right now and ")
                    .append(Numbers.grouped(comparison.repairs("repairsFailed")))
                    .append(" still differ.");
        }
        return text.toString();
    }
}
