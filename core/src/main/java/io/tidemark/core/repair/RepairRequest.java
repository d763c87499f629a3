package io.tidemark.core.repair;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries that are to be read from the database again, because they were found to differ from it. A record of the topic of
 * repairs; it holds keys and no values:
 * {@code {"cache":"product","run":"6f1c…","forget":false,"keys":["product:5","product:9"]}}.
 *
 * @param cache the cache's name in the pipeline file
 * @param run which run of the reconciler asks; for the log
 * @param forget whether the entries' fences are to be forgotten first, as they are ahead of all that PostgreSQL has written
 * @param keys keys of its entries, of a sorted set its members; 1 to {@value #MOST_KEYS}
 */
public record RepairRequest(String cache, String run, boolean forget, List<String> keys) {
    /** So many keys fit into a record of 1 MB even when they are long. */
    public static final int MOST_KEYS = 500;

    private static final JsonMapper JSON = new JsonMapper();

    public RepairRequest {
        keys = List.copyOf(keys);
        if (cache.isEmpty() || keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException("repair request: expected a cache and 1 to " + MOST_KEYS
                    + " keys, found cache \"" + cache + "\" and " + keys.size() + " keys");
        }
    }

    /** The JSON form, in UTF-8. */
    public byte[] json() {
        ObjectNode request =
                JSON.createObjectNode().put("cache", cache).put("run", run).put("forget", forget);
        keys.forEach(request.putArray("keys")::add);
        try {
            return JSON.writeValueAsBytes(request);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException("BUG: texts are always JSON", impossible);
        }
    }

    /**
     * Reads the JSON form; members it does not know are left for later versions of it.
     *
     * @throws IllegalArgumentException when it is no such request
     */
    public static RepairRequest parse(byte[] json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (IOException notJson) {
            throw new IllegalArgumentException("repair request: expected JSON", notJson);
        }
        List<String> keys = new ArrayList<>();
        for (JsonNode key : tree.path("keys")) {
            if (!key.isTextual()) {
                throw new IllegalArgumentException("repair request: expected keys to be texts");
            }
            keys.add(key.textValue());
        }
        return new RepairRequest(
                tree.path("cache").asText(),
                tree.path("run").asText(),
                tree.path("forget").asBoolean(),
                keys);
    }
}
