package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark search-sync}: how the search data stands, and having it read again. */
@Command(
        name = "search-sync",
        mixinStandardHelpOptions = true,
        description = "Has the search data read again as a whole and shows how it stands.")
final class SearchCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 200;

    /** What is read again. */
    enum What {
        ALL("/re-sync-all"),
        CATEGORIES("/generate-data-set"),
        BOXES("/generate-box-data"),
        OPTIONS("/generate-option-data"),
        NOTHING("");

        private final String path;

        What(String path) {
            this.path = path;
        }
    }

    @Parameters(
            paramLabel = "WHAT",
            arity = "0..1",
            defaultValue = "ALL",
            description = "${COMPLETION-CANDIDATES}; with nothing it is only shown (default: ${DEFAULT-VALUE}).")
    private What what = What.ALL;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "10m",
            description = "How long to wait at most; it goes on after that (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(10);

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private ReconcilerTarget target = new ReconcilerTarget();

    @Override
    public Integer call() throws InterruptedException {
        AdminClient client = target.client();
        String before = client.get("/sync-status").path("began").asText();
        if (what != What.NOTHING) {
            client.post(what.path, "");
        }
        JsonNode status = client.get("/sync-status");
        long deadline = System.nanoTime() + timeout.toNanos();
        while (what != What.NOTHING
                && (status.path("began").asText().equals(before)
                        || status.path("state").asText().equals("running"))) {
            if (System.nanoTime() > deadline) {
                throw new CommandFailure(
                        ExitCode.WAITED_TOO_LONG,
                        "the re-sync is not over after " + timeout.toSeconds()
                                + " s; it goes on, see GET /sync-status");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            status = client.get("/sync-status");
        }
        System.out.println(json ? status.toString() : text(status));
        return status.path("state").asText().matches("done|never|running") ? ExitCode.GOOD : ExitCode.FAILED;
    }

    private static String text(JsonNode status) {
        StringBuilder text = new StringBuilder("Search data: ")
                .append(status.path("state").asText())
                .append(", last at ")
                .append(status.path("last_sync").asText("never"))
                .append(" in ")
                .append(Numbers.grouped(status.path("duration_ms").asLong()))
                .append(" ms");
        status.path("counts").properties().forEach(kind -> text.append("\n  ")
                .append(kind.getKey())
                .append(' ')
                .append(Numbers.grouped(kind.getValue().asLong())));
        if (status.path("error").isTextual()) {
            text.append("\n").append(status.path("error").asText());
        }
        return text.toString();
    }
}
