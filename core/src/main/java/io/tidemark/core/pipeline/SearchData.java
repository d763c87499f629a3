package io.tidemark.core.pipeline;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The caches that a search reads, by kind. Immutable.
 *
 * @param kinds names of caches; a kind that the file does not name has none
 */
public record SearchData(Map<Kind, List<String>> kinds) {

    /** No search data. */
    public static final SearchData NONE = new SearchData(Map.of());

    /** What is searched for. */
    public enum Kind {
        CATEGORIES,
        BOXES,
        OPTIONS;

        /** As the file has it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public SearchData {
        Map<Kind, List<String>> copy = new EnumMap<>(Kind.class);
        kinds.forEach((kind, caches) -> copy.put(kind, List.copyOf(caches)));
        kinds = java.util.Collections.unmodifiableMap(copy);
    }

    public boolean isNone() {
        return kinds.isEmpty();
    }

    /** The caches of a kind. */
    public List<String> of(Kind kind) {
        return kinds.getOrDefault(kind, List.of());
    }

    /** The caches of all kinds. */
    public List<String> all() {
        return kinds.values().stream().flatMap(List::stream).distinct().toList();
    }
}
