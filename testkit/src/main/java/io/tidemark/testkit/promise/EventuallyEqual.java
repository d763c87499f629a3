package io.tidemark.testkit.promise;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * After the writes have stopped and everything is applied, every entry equals the database: nothing stale, nothing
 * missing, no orphan. Documents are compared as JSON values: order of fields, white space and the way a number is
 * written do not matter.
 */
public final class EventuallyEqual implements Promise {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final Comparator<JsonNode> BY_VALUE = EventuallyEqual::compare;

    private final Map<String, String> database = new TreeMap<>();
    private final Map<String, String> entries = new TreeMap<>();

    /** The document that the database says belongs at this key. */
    public synchronized void inDatabase(String key, String document) {
        database.put(key, document);
    }

    /** The value that was read at this key. */
    public synchronized void inCache(String key, String value) {
        entries.put(key, value);
    }

    /** How many documents the database has, so that a test can make sure that it compared something. */
    public synchronized int compared() {
        return database.size();
    }

    @Override
    public String statement() {
        return "After the writes stop, every entry equals the database, with no orphan and nothing missing.";
    }

    @Override
    public synchronized List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        database.forEach((key, document) -> {
            String value = entries.get(key);
            if (value == null) {
                violations.add(new Violation(key, "missing; the database has " + document));
            } else if (!sameValue(document, value)) {
                violations.add(new Violation(key, "stale; the database has " + document + ", the entry is " + value));
            }
        });
        entries.forEach((key, value) -> {
            if (!database.containsKey(key)) {
                violations.add(new Violation(key, "orphaned; the database has no such row, the entry is " + value));
            }
        });
        return violations;
    }

    /** How much differs, and the first few of it. */
    @Override
    public String toString() {
        List<Violation> found = violations();
        return compared() + " compared, " + found.size() + " differ: " + found.subList(0, Math.min(5, found.size()));
    }

    private static boolean sameValue(String document, String value) {
        if (document.equals(value)) {
            return true;
        }
        try {
            return JSON.readTree(document).equals(BY_VALUE, JSON.readTree(value));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    // JsonNode calls it for leaves only, and only asks whether it is 0.
    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }
}
