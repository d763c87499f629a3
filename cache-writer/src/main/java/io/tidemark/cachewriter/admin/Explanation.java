package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * Whether an entry is right, and how that is known.
 *
 * @param evidence in words, each a fact that was looked at
 */
public record Explanation(String key, Verdict verdict, List<String> evidence, ObjectNode entry) {
    private static final JsonMapper JSON = new JsonMapper();

    /** What can be said of an entry. */
    public enum Verdict {
        /** It is as it has to be; that may be absent. */
        RIGHT,
        /** It is not right yet, and what makes it so is on its way. */
        LATE,
        /** It is not given to readers of the contract, who fill it again. */
        INVALIDATED,
        /** It is wrong, and nothing on the way would mend it. */
        STALE,
        /** It has to be there and is not. */
        MISSING,
        /** Nobody keeps or fills it. */
        UNKNOWN
    }

    public Explanation {
        evidence = List.copyOf(evidence);
    }

    /** For people and programs. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("key", key);
        json.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
        ArrayNode words = json.putArray("evidence");
        evidence.forEach(words::add);
        json.set("entry", entry);
        return json;
    }
}
