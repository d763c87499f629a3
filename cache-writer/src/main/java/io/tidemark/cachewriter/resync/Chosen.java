package io.tidemark.cachewriter.resync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.pipeline.KeyTemplate;
import java.util.List;

/** Which entries of a cache are read again, where not all are. Immutable. */
public sealed interface Chosen {

    /** For people. */
    String text();

    /**
     * Some entries.
     *
     * @param keys theirs in Redis, each once
     */
    record Keys(List<String> keys) implements Chosen {
        public Keys {
            keys = List.copyOf(keys);
        }

        @Override
        public String text() {
            return keys.size() == 1 ? "key " + keys.get(0) : keys.size() + " keys";
        }
    }

    /**
     * The entries of rows whose primary key, one column of whole numbers, is between two, both included.
     *
     * @param column the primary key's
     */
    record Range(String column, long first, long last) implements Chosen {

        /** The primary key with a number. */
        static ObjectNode key(String column, long number) {
            return JsonNodeFactory.instance.objectNode().put(column, number);
        }

        /** Whether a key of Redis is that of one of them. */
        boolean has(KeyTemplate template, String key) {
            return template.match(key)
                    .filter(texts -> has(texts.getOrDefault(column, "")))
                    .isPresent();
        }

        private boolean has(String number) {
            try {
                long value = Long.parseLong(number);
                return first <= value && value <= last;
            } catch (NumberFormatException ofNoRow) {
                return false;
            }
        }

        @Override
        public String text() {
            return "rows " + first + ".." + last;
        }
    }
}
