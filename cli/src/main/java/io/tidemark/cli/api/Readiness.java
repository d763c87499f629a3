package io.tidemark.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a service is ready, and what it waits for if not.
 *
 * @param reachable whether it answered at all
 * @param ready whether all its parts are up
 * @param reasons what its parts that are down say
 */
public record Readiness(boolean reachable, boolean ready, List<String> reasons) {
    public Readiness {
        reasons = List.copyOf(reasons);
    }

    private static final List<String> WHY = List.of("reason", "waitingFor");

    /** Asks the service. */
    public static Readiness of(ServiceClient service) throws InterruptedException {
        try {
            ServiceClient.Answer answer = service.get("/health/readiness");
            return new Readiness(true, answer.isGood(), answer.isGood() ? List.of() : reasons(answer.body()));
        } catch (UnreachableException e) {
            return new Readiness(false, false, List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Reads Micronaut's health document: details of details, each with a status of its own. */
    static List<String> reasons(JsonNode health) {
        List<String> reasons = new ArrayList<>();
        for (Map.Entry<String, JsonNode> part : health.path("details").properties()) {
            if (part.getValue().path("status").asText("UP").equals("UP")) {
                continue;
            }
            List<String> words = new ArrayList<>();
            JsonNode details = part.getValue().path("details");
            for (String field : WHY) {
                if (!details.path(field).asText("").isEmpty()) {
                    words.add(details.path(field).asText());
                }
            }
            if (words.isEmpty()) {
                collect(details, words);
            }
            reasons.add(words.isEmpty() ? part.getKey() + " is down" : String.join("; ", words));
        }
        return reasons;
    }

    private static void collect(JsonNode details, List<String> words) {
        if (details.isTextual()) {
            words.add(details.asText());
        }
        details.forEach(child -> collect(child, words));
    }
}
