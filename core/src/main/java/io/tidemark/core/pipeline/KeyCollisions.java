package io.tidemark.core.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Refuses caches whose entries could have the same key, one after the other as they are read. */
final class KeyCollisions {
    private final Reading reading;
    private final Map<KeyTemplate, String> taken = new LinkedHashMap<>();

    KeyCollisions(Reading reading) {
        this.reading = reading;
    }

    /** @param keys every template and key of the cache */
    void check(String cache, List<KeyTemplate> keys, Section settings) {
        for (KeyTemplate key : keys) {
            taken.forEach((earlier, of) -> {
                if (key.canCollideWith(earlier)) {
                    reading.problems()
                            .add(
                                    placeOf(key, settings),
                                    (of.equals(cache)
                                                    ? "another key of this cache"
                                                    : "a row of this cache and one of cache " + of)
                                            + " (" + earlier
                                            + ") could have the same key; begin each with a text of its own, like "
                                            + cache + ":");
                }
            });
            taken.put(key, cache);
        }
    }

    private static Place placeOf(KeyTemplate key, Section settings) {
        for (String name : List.of("key", "keys", "index", "stamp")) {
            if (settings.has(name)) {
                return settings.placeOfName(name);
            }
        }
        return settings.place();
    }
}
