package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has cache-writer do something long: counts it first where that is asked for, else shows how far it is until it is over. */
final class CacheJob {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--dry-run", description = "Only count what would be done.")
    private boolean dryRun;

    @Mixin
    private JobWait wait = new JobWait();

    static ObjectNode body() {
        return JSON.createObjectNode();
    }

    /** Does it and prints the result; answers the exit code. */
    int run(CacheTarget target, String what, ObjectNode body) throws InterruptedException {
        AdminClient client = target.client();
        JsonNode answer = client.post("/api/cache/" + what + (dryRun ? "?dryRun=true" : ""), body.toString());
        if (dryRun) {
            System.out.println(target.json() ? answer.toString() : counted(answer));
            return ExitCode.GOOD;
        }
        answer = wait.await(client, answer, CacheJob::progress);
        System.out.println(target.json() ? answer.toString() : text(what, answer));
        String state = answer.path("state").asText();
        return !wait.isWanted() || state.equals("done") ? ExitCode.GOOD : ExitCode.FAILED;
    }

    /** How far a job is. */
    static String progress(JsonNode job) {
        return job.path("state").asText() + " " + job.path("percent").asInt() + " % ("
                + Numbers.grouped(job.path("looked_at").asLong()) + " of "
                + Numbers.grouped(job.path("expected").asLong()) + ")";
    }

    static String counted(JsonNode answer) {
        if (!answer.has("total")) {
            return measured(answer);
        }
        TextTable table = TextTable.ofNumbers("what", "entries");
        answer.path("counts")
                .properties()
                .forEach(one ->
                        table.row(one.getKey(), Numbers.grouped(one.getValue().asLong())));
        return table + "\n\nNothing was changed: without --dry-run this would touch "
                + Numbers.grouped(answer.path("total").asLong()) + " entries.";
    }

    static String measured(JsonNode found) {
        StringBuilder text = new StringBuilder("Hit rate ")
                .append(found.path("hit_rate_percent").asText())
                .append(" %, ")
                .append(found.path("sweeps_due").asLong())
                .append(" sweeps due, memory ")
                .append(Numbers.grouped(found.path("memory_used_bytes").asLong()))
                .append(" bytes of ")
                .append(
                        found.path("memory_limit_bytes").asLong() == 0
                                ? "no limit"
                                : Numbers.grouped(
                                        found.path("memory_limit_bytes").asLong()))
                .append('\n');
        found.path("recommendations").forEach(advice -> text.append("\n- ").append(advice.asText()));
        return text.toString();
    }

    static String text(String what, JsonNode job) {
        StringBuilder text = new StringBuilder(what)
                .append(' ')
                .append(job.path("state").asText())
                .append(" (job ")
                .append(job.path("id").asText())
                .append(", ")
                .append(Numbers.grouped(job.path("duration_ms").asLong()))
                .append(" ms)");
        if (job.has("error")) {
            text.append(": ").append(job.path("error").asText());
        }
        Map<String, JsonNode> counts = new TreeMap<>();
        job.path("counts").properties().forEach(one -> counts.put(one.getKey(), one.getValue()));
        counts.values().removeIf(count -> count.asLong() == 0);
        job.path("kinds").properties().forEach(kind -> text.append(ofKind(kind.getKey(), kind.getValue())));
        if (!counts.isEmpty()) {
            TextTable table = TextTable.ofNumbers("what", "count");
            counts.forEach((name, count) -> table.row(name, Numbers.grouped(count.asLong())));
            text.append("\n\n").append(table);
        }
        job.path("recommendations").forEach(advice -> text.append("\n- ").append(advice.asText()));
        return text.toString();
    }

    private static String ofKind(String kind, JsonNode of) {
        StringBuilder text = new StringBuilder("\n").append(kind).append(':');
        of.properties().forEach(one -> text.append(' ')
                .append(Numbers.grouped(one.getValue().asLong()))
                .append(' ')
                .append(one.getKey().replace('_', ' '))
                .append(','));
        return text.substring(0, text.length() - 1);
    }
}
