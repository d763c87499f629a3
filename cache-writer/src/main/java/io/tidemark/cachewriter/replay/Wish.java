package io.tidemark.cachewriter.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What somebody wants to have applied once more. An empty text names nothing in particular.
 *
 * @param cache of this cache alone
 * @param tag of rows that carry this tag, or may, alone
 * @param key of this entry alone
 * @param from where to begin, as it was given
 * @param dryRun whether to count only
 * @param rate records a second at most, 0 for as fast as it goes
 * @param who asked for it
 */
public record Wish(String cache, String tag, String key, From from, boolean dryRun, long rate, String who) {
    private static final JsonMapper JSON = new JsonMapper();

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("cache", cache);
        json.put("tag", tag);
        json.put("key", key);
        json.put("from", from.text());
        json.put("dry_run", dryRun);
        json.put("rate", rate);
        json.put("who", who);
        return json;
    }

    static Wish of(JsonNode json) {
        return new Wish(
                json.path("cache").asText(),
                json.path("tag").asText(),
                json.path("key").asText(),
                From.parse(json.path("from").asText()),
                json.path("dry_run").asBoolean(),
                json.path("rate").asLong(),
                json.path("who").asText());
    }
}
