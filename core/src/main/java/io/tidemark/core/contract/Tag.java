package io.tidemark.core.contract;

import java.nio.charset.StandardCharsets;

/**
 * A name that entries carry and changes invalidate: {@code category:3}. Where its counter and its members lie in Redis is
 * one cluster slot: that of its name, or of the hash tag that the name has.
 *
 * @param name of 1 to 512 bytes as UTF-8, without white space and control characters
 */
public record Tag(String name) {

    /** Holds the present stamp and when any tag was bumped last; every bump goes there first. */
    public static final String BUMPS = "tm.{bumps}";

    /** A hash of the tags that are to be swept, each with the number of its last bump. In one slot with {@link #BUMPS}. */
    public static final String SWEEPS = BUMPS + ":sweeps";

    /** The invalidation stream. In one slot with {@link #BUMPS}. */
    public static final String STREAM = BUMPS + ":stream";

    private static final int MOST_BYTES = 512;

    /** @throws IllegalArgumentException when the name cannot be that of a tag */
    public Tag {
        if (!isPossible(name)) {
            throw new IllegalArgumentException(
                    "expected a tag of 1 to " + MOST_BYTES + " bytes, found one of " + name.length() + " characters");
        }
        if (name.chars()
                .anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "expected a tag without white space and control characters; write them percent-encoded");
        }
        if (name.indexOf('{') < 0
                ? name.indexOf('}') >= 0
                : name.indexOf('}', name.indexOf('{')) <= name.indexOf('{') + 1) {
            throw new IllegalArgumentException(
                    "expected a tag without braces, or with a hash tag like {shop:7}:products");
        }
    }

    /** Whether a name has a length that a tag can have. */
    public static boolean isPossible(String name) {
        return !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }

    /** The key of its counter: the stamp of its last bump. */
    public String counterKey() {
        return "tm.tag:" + inBraces();
    }

    /** The key of one of its lists of members. */
    public String listKey(String list) {
        return "tm.idx:" + list + ":" + inBraces();
    }

    private String inBraces() {
        return name.indexOf('{') < 0 ? "{" + name + "}" : name;
    }

    @Override
    public String toString() {
        return name;
    }
}
