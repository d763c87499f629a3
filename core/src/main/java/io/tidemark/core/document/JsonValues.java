package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.tidemark.core.postgres.ExactJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;

/**
 * Compares JSON texts by what they mean: the order of an object's members, white space and the way a number or a text
 * is written do not matter. Thread-safe.
 */
public final class JsonValues {
    private static final ObjectReader READER = ExactJson.reader();
    /** Trees of two larger ones, of several times their size, could be too much for a heap of 256 MB. */
    private static final int LARGEST_TREE = 8 << 20;

    private JsonValues() {}

    /**
     * Whether both mean the same. What is not JSON, or longer than 8 MiB, is equal only to the very same bytes, spaces after
     * commas and colons aside.
     */
    public static boolean equal(byte[] one, byte[] other) {
        if (differInSpacesAtMost(one, other)) {
            return true;
        }
        if (Math.max(one.length, other.length) > LARGEST_TREE) {
            return false;
        }
        try {
            return equal(READER.readTree(one), READER.readTree(other));
        } catch (JsonProcessingException notJson) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("BUG: reading from memory cannot fail", e);
        }
    }

    /**
     * Whether they are the same but for spaces after a comma or a colon that is not part of a text. Documents made of
     * changes differ so from what PostgreSQL writes, and it is seen without reading them as JSON.
     */
    private static boolean differInSpacesAtMost(byte[] one, byte[] other) {
        int i = 0;
        int j = 0;
        boolean inText = false;
        while (i < one.length && j < other.length) {
            byte each = one[i++];
            if (each != other[j++]) {
                return false;
            }
            if (each == '"') {
                inText = !inText;
            } else if (inText && each == '\\') {
                if (i == one.length || j == other.length || one[i++] != other[j++]) {
                    return false;
                }
            } else if (!inText && (each == ',' || each == ':')) {
                i = afterSpaces(one, i);
                j = afterSpaces(other, j);
            }
        }
        return i == one.length && j == other.length;
    }

    private static int afterSpaces(byte[] json, int from) {
        int at = from;
        while (at < json.length && json[at] == ' ') {
            at++;
        }
        return at;
    }

    /** Whether both mean the same. */
    public static boolean equal(JsonNode one, JsonNode other) {
        return switch (one.getNodeType()) {
            case NUMBER -> other.isNumber() && equalNumbers(one, other);
            case OBJECT -> other.isObject() && equalObjects(one, other);
            case ARRAY -> other.isArray() && equalArrays(one, other);
            default -> one.equals(other);
        };
    }

    private static boolean equalNumbers(JsonNode one, JsonNode other) {
        if (one.isInt() && other.isInt()) {
            return one.intValue() == other.intValue();
        }
        return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }

    private static boolean equalObjects(JsonNode one, JsonNode other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> member : one.properties()) {
            JsonNode counterpart = other.get(member.getKey());
            if (counterpart == null || !equal(member.getValue(), counterpart)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalArrays(JsonNode one, JsonNode other) {
        if (one.size() != other.size()) {
            return false;
        }
        Iterator<JsonNode> others = other.iterator();
        for (JsonNode element : one) {
            if (!equal(element, others.next())) {
                return false;
            }
        }
        return true;
    }
}
