package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.failure.ExitCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidemark explain KEY}: why an entry is stale, or not. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Says whether an entry is right, and how that is known. Exits 0 when it is, 3 when not, 1 when nobody"
                        + " keeps or fills such a key.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KEY", description = "The entry's key, such as product:42.")
    private String key = "";

    @Mixin
    private CacheTarget target = new CacheTarget();

    @Override
    public Integer call() throws InterruptedException {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        JsonNode told = target.client().get("/api/cache/explain/" + encoded);
        System.out.println(target.json() ? told.toString() : text(told));
        return switch (told.path("verdict").asText()) {
            case "right" -> ExitCode.GOOD;
            case "unknown" -> ExitCode.FAILED;
            default -> ExitCode.DRIFT;
        };
    }

    static String text(JsonNode told) {
        StringBuilder text = new StringBuilder(told.path("key").asText())
                .append(" is ")
                .append(told.path("verdict").asText())
                .append(":\n");
        told.path("evidence")
                .forEach(one -> text.append("  - ").append(one.asText()).append('\n'));
        text.append('\n');
        told.path("entry").properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!field.getKey().equals("key")) {
                text.append(String.format(
                        java.util.Locale.ROOT,
                        "  %-15s %s%n",
                        field.getKey().replace('_', ' '),
                        value.isTextual() ? value.asText() : value.toString()));
            }
        });
        return text.toString().stripTrailing();
    }
}
