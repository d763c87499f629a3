package io.tidemark.positions.position;

import java.util.regex.Pattern;

/**
 * The name of a store, as in NATUR. Immutable.
 *
 * @param name letters, digits, underscore and hyphen, 1 to 64 of them, so that it needs no escaping in a key, a path or
 *     an address
 */
public record StoreId(String name) implements Comparable<StoreId> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** @throws IllegalArgumentException when the name is not one */
    public StoreId {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected a store's name of 1 to 64 letters, digits, _ or -, found " + shown(name));
        }
    }

    /** Whether this text could be a store's name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public int compareTo(StoreId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }

    private static String shown(String name) {
        String short_ = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return "\"" + short_.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
