package io.tidemark.core.contract;

import java.util.Optional;

/**
 * Where an entry lies: its value at the user's own key, its meta (fence, lease) at a second key of the same Redis Cluster
 * slot.
 *
 * <p>The meta of {@code product:42} is at {@code tm:{product:42}}. A key that has a hash tag keeps it, since the tag alone
 * decides the slot: the meta of {@code {shop:7}:product:42} is at {@code tm:{shop:7}:product:42}.
 *
 * <p>The rule of hash tags: Redis Cluster specification, "Hash tags".
 *
 * @param value the user's own key
 */
public record EntryKey(String value) {

    /** What the key of every meta begins with. */
    public static final String RESERVED = "tm:";

    /** What the keys of tags begin with, and others that belong to no single entry. */
    public static final String RESERVED_FOR_TAGS = "tm.";

    /**
     * @throws IllegalArgumentException when the key is reserved, or its braces let no second key share its slot
     */
    public EntryKey {
        requireUsable(value);
    }

    /** The key of the meta. */
    public String meta() {
        return metaOf(value);
    }

    /**
     * The key of the meta of an entry's value key, for whoever has no use for the object.
     *
     * @throws IllegalArgumentException as the constructor does
     */
    public static String metaOf(String value) {
        requireUsable(value);
        return value.indexOf('{') < 0 ? "tm:{" + value + "}" : RESERVED + value;
    }

    /** The entry that a meta key belongs to; empty for any other key. */
    public static Optional<EntryKey> ofMeta(String key) {
        if (!key.startsWith(RESERVED)) {
            return Optional.empty();
        }
        String rest = key.substring(RESERVED.length());
        boolean wrapped = rest.startsWith("{") && rest.indexOf('}') == rest.length() - 1;
        String value = wrapped ? rest.substring(1, rest.length() - 1) : rest;
        boolean plain = value.indexOf('{') < 0;
        return !isReserved(value) && wrapped == plain && isUsable(value)
                ? Optional.of(new EntryKey(value))
                : Optional.empty();
    }

    /**
     * The cache under which clients count a key: the text before its first colon, without a hash tag and its colon at the
     * beginning.
     */
    public static String cacheOf(String key) {
        int from = key.startsWith("{") && key.indexOf("}:") > 0 ? key.indexOf("}:") + 2 : 0;
        int colon = key.indexOf(':', from);
        return colon < 0 ? key.substring(from) : key.substring(from, colon);
    }

    private static void requireUsable(String value) {
        if (value.isEmpty() || isReserved(value)) {
            throw new IllegalArgumentException("expected a key that does not begin with " + RESERVED + " or "
                    + RESERVED_FOR_TAGS + ", which are kept for Tidemark's own, and is not empty");
        }
        if (!isUsable(value)) {
            throw new IllegalArgumentException(
                    "expected a key without braces, or with a hash tag and something beside it"
                            + " like {shop}:product; other braces let no second key share its Redis Cluster slot");
        }
    }

    private static boolean isReserved(String value) {
        return value.startsWith(RESERVED) || value.startsWith(RESERVED_FOR_TAGS);
    }

    /** Without braces, or with a first { that a later } closes around at least one character, and more than that tag. */
    private static boolean isUsable(String value) {
        int open = value.indexOf('{');
        if (open < 0) {
            return !value.isEmpty() && value.indexOf('}') < 0;
        }
        int close = value.indexOf('}', open);
        boolean isTagAlone = open == 0 && close == value.length() - 1;
        return close > open + 1 && !isTagAlone;
    }

    @Override
    public String toString() {
        return value;
    }
}
