package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark positions}: how every store stands, and bringing positions back. */
@Command(
        name = "positions",
        mixinStandardHelpOptions = true,
        description = "Shows how far each store was taken in. Exits 0 when all are healthy, 4 otherwise.")
final class PositionsCommand implements Callable<Integer> {
    private static final String ADMIN = "/api/admin/";

    @Mixin
    private PositionTarget target = new PositionTarget();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode status = target.client().get(ADMIN + "sync-position-status");
        System.out.println(target.json() ? status.toString() : text(status));
        return status.path("stores_needing_attention").asInt() == 0 ? ExitCode.GOOD : ExitCode.UNHEALTHY;
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = "Brings every store's farthest known position back into Redis.")
    int restore(@Mixin PositionTarget options) throws InterruptedException {
        return recovery(options, options.client().post(ADMIN + "restore-sync-positions", ""));
    }

    @Command(
            name = "recover",
            mixinStandardHelpOptions = true,
            description = "Looks for lost positions and brings back those that are.")
    int recover(@Mixin PositionTarget options) throws InterruptedException {
        return recovery(options, options.client().post(ADMIN + "auto-recover-sync-positions", ""));
    }

    @Command(
            name = "rewind",
            mixinStandardHelpOptions = true,
            description = "Moves a store back to an earlier page on purpose; --undo takes the last rewind back.")
    int rewind(
            @Mixin PositionTarget options,
            @Parameters(paramLabel = "STORE") String store,
            @Parameters(paramLabel = "PAGE", arity = "0..1", defaultValue = "0") long page,
            @Option(names = "--preview", description = "Only tell what would be read again.") boolean preview,
            @Option(names = "--undo", description = "Take the last rewind back.") boolean undo)
            throws InterruptedException {
        String path = ADMIN + "positions/" + named(store);
        JsonNode answer = undo
                ? options.client().post(path + "/undo-rewind", "")
                : preview
                        ? options.client().get(path + "/rewind?page=" + page)
                        : options.client().post(path + "/rewind", "{\"page\":" + page + "}");
        System.out.println(options.json() ? answer.toString() : rewound(answer));
        return ExitCode.GOOD;
    }

    /** Only what a store's name may have: nothing else is sent as part of an address. */
    static String named(String store) {
        return store.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private static int recovery(PositionTarget options, JsonNode report) {
        System.out.println(options.json() ? report.toString() : recovered(report));
        return report.path("success").asBoolean() ? ExitCode.GOOD : ExitCode.UNHEALTHY;
    }

    static String text(JsonNode status) {
        TextTable table = TextTable.ofWords("store", "state", "page", "last order", "source", "sync", "last error");
        for (JsonNode store : status.path("positions")) {
            JsonNode position = store.path("position");
            table.row(
                    store.path("store").asText(),
                    store.path("badge").asText(),
                    position.has("page") ? Numbers.grouped(position.path("page").asLong()) : "-",
                    position.has("last_id")
                            ? Numbers.grouped(position.path("last_id").asLong())
                            : "-",
                    position.path("source").asText("-"),
                    store.path("sync").path("phase").asText("-"),
                    store.path("sync").path("last_error").asText(""));
        }
        StringBuilder text = new StringBuilder()
                .append(table)
                .append("\n\nCache health ")
                .append(status.path("health_percent").asInt())
                .append(" %");
        status.path("recommendations").forEach(advice -> text.append("\n- ").append(advice.asText()));
        return text.toString();
    }

    private static String recovered(JsonNode report) {
        TextTable table = TextTable.ofWords("store", "before", "after", "what was done");
        for (JsonNode store : report.path("stores")) {
            table.row(
                    store.path("store").asText(),
                    store.path("before").path("page").asText("-"),
                    store.path("after").path("page").asText("-"),
                    store.path("detail").asText());
        }
        StringBuilder text = new StringBuilder(table.toString())
                .append("\n\nCache health before ")
                .append(report.path("health_percent_before").asInt())
                .append(" %, after ")
                .append(report.path("health_percent_after").asInt())
                .append(" % (")
                .append(report.path("why").asText())
                .append(')');
        report.path("problems").forEach(problem -> text.append("\n- ").append(problem.asText()));
        return text.toString();
    }

    private static String rewound(JsonNode answer) {
        return answer.path("store").asText()
                + (answer.path("done").asBoolean() ? ": moved from page " : ": would move from page ")
                + answer.path("before").path("page").asLong() + " to page "
                + answer.path("after").path("page").asLong() + "; "
                + Numbers.grouped(answer.path("pages_read_again").asLong()) + " pages are read again";
    }
}
