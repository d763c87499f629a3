package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.api.Applied;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.UnreachableException;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.TextTable;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How everything is at one moment.
 *
 * @param progress the reconciler's answer about freshness; missing when it gave none
 * @param consistency the reconciler's figures of how right the caches are; missing when it gave none
 * @param applied cache-writer's figures; null when it gave none
 */
record Status(
        List<Part> parts,
        JsonNode progress,
        JsonNode consistency,
        @Nullable Applied applied) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Status {
        parts = List.copyOf(parts);
    }

    /** One server or service; {@code reason} says why it is down and is empty otherwise. */
    record Part(String name, String address, boolean up, String reason) {}

    static Status of(List<Part> parts, Map<String, ServiceClient> services) throws InterruptedException {
        ServiceClient cacheWriter = services.get("cache-writer");
        return new Status(
                parts,
                answer(services.get("reconciler"), "/api/freshness"),
                answer(services.get("reconciler"), "/api/consistency"),
                cacheWriter == null ? null : Applied.of(cacheWriter).orElse(null));
    }

    private static JsonNode answer(@Nullable ServiceClient reconciler, String path) throws InterruptedException {
        try {
            return reconciler == null
                    ? MissingNode.getInstance()
                    : reconciler.get(path).body();
        } catch (UnreachableException e) {
            return MissingNode.getInstance();
        }
    }

    boolean healthy() {
        return parts.stream().allMatch(Part::up);
    }

    String text() {
        TextTable table = TextTable.ofWords("part", "state", "address", "");
        parts.forEach(part -> table.row(part.name(), part.up() ? "up" : "DOWN", part.address(), part.reason()));
        StringBuilder text = new StringBuilder(table.toString());
        if (progress.path("appliedLsn").isTextual()) {
            text.append("\n\nRedis is right up to ")
                    .append(progress.path("appliedLsn").asText())
                    .append("; published up to ")
                    .append(progress.path("publishedLsn").asText("?"));
            lag(text);
        }
        if (applied != null) {
            text.append("\nFreshness p50 ")
                    .append(Numbers.millis(applied.p50Millis()))
                    .append(", p99 ")
                    .append(Numbers.millis(applied.p99Millis()))
                    .append("; dead letters ")
                    .append(Numbers.grouped(applied.deadLetters()));
        }
        consistency(text);
        return text.toString();
    }

    /** What a sample that goes on all the time says of each cache. */
    private void consistency(StringBuilder text) {
        for (Map.Entry<String, JsonNode> cache : consistency.path("caches").properties()) {
            JsonNode hour = cache.getValue().path("hour");
            text.append("\nCache ").append(cache.getKey()).append(": ");
            if (hour.path("checked").asLong() == 0) {
                text.append("no entry was sampled in the last hour");
                continue;
            }
            text.append(Numbers.grouped(hour.path("wrong").asLong()))
                    .append(" of ")
                    .append(Numbers.grouped(hour.path("checked").asLong()))
                    .append(" sampled entries were wrong in the last hour (at least ")
                    .append(hour.path("nines").asText())
                    .append(" nines)");
            JsonNode wrong = cache.getValue().path("lastWrong");
            if (cache.getValue().path("alert").asBoolean()) {
                text.append("; ALERT: ")
                        .append(wrong.path("key").asText())
                        .append(" was ")
                        .append(wrong.path("kind").asText())
                        .append(" (")
                        .append(wrong.path("cause").asText())
                        .append("); mend it with ./tidemark reconcile");
            }
        }
    }

    private void lag(StringBuilder text) {
        JsonNode bytes = progress.path("behindBytes");
        JsonNode millis = progress.path("behindMillis");
        if (bytes.isNumber()) {
            text.append("; behind by ").append(Numbers.bytes(bytes.asLong()));
            if (millis.isNumber()) {
                text.append(", ").append(Numbers.millis(OptionalDouble.of(millis.asDouble())));
            }
        }
    }

    String json() {
        ObjectNode status = JSON.createObjectNode();
        status.put("healthy", healthy());
        ObjectNode byName = status.putObject("parts");
        for (Part part : parts) {
            ObjectNode one = byName.putObject(part.name());
            one.put("up", part.up()).put("address", part.address());
            if (!part.reason().isEmpty()) {
                one.put("reason", part.reason());
            }
        }
        for (String field : List.of("publishedLsn", "appliedLsn", "sourceLsn", "behindBytes", "behindMillis")) {
            if (!progress.path(field).isMissingNode()) {
                status.set(field, progress.path(field));
            }
        }
        if (consistency.has("caches")) {
            status.set("consistency", consistency);
        }
        if (applied != null) {
            ObjectNode freshness = status.putObject("freshness");
            applied.p50Millis().ifPresent(millis -> freshness.put("p50Millis", millis));
            applied.p99Millis().ifPresent(millis -> freshness.put("p99Millis", millis));
            status.put("deadLetters", applied.deadLetters());
        }
        return status.toString();
    }
}
