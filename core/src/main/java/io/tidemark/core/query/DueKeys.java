package io.tidemark.core.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in Redis it stands what is due to be read again, and how a key stands there. */
public final class DueKeys {
    private DueKeys() {}

    /** The sorted set of what is due of a cache. */
    public static String of(String cache) {
        return "tm.due:{" + cache + "}";
    }

    /** A key, by the texts of its columns, among what is due. */
    public static String member(List<String> texts) {
        return "k" + array(texts);
    }

    /** Texts as a JSON array. */
    public static String array(List<? extends @Nullable String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array.toString();
    }
}
