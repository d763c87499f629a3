package io.tidemark.cachewriter.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.jobs.Job;
import java.util.Map;

/** What the admin HTTP answers, as JSON. Pure. */
final class Answers {
    static final JsonMapper JSON = new JsonMapper();

    private Answers() {}

    static String error(String error, String field, String remedy) {
        ObjectNode json = JSON.createObjectNode();
        json.put("error", error);
        if (!field.isEmpty()) {
            json.put("field", field);
        }
        json.put("remedy", remedy);
        return json.toString();
    }

    /** What would be done. */
    static String counted(Map<String, Long> counts) {
        ObjectNode json = JSON.createObjectNode();
        json.put("dry_run", true);
        json.put("total", counts.values().stream().mapToLong(Long::longValue).sum());
        ObjectNode each = json.putObject("counts");
        counts.forEach(each::put);
        return json.toString();
    }

    static String accepted(Job job) {
        ObjectNode json = job.json();
        json.put("href", "/api/cache/jobs/" + job.id());
        return json.toString();
    }
}
