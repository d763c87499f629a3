package io.tidemark.reconciler.verify;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Redis holds of an entry at one moment.
 *
 * @param value as its cache's format stores it; null when there is none, or something of another type; not to be modified
 * @param version the fence; null when there is no meta
 * @param horizon up to which LSN the value was read from the database; null when it came from a change
 */
@SuppressWarnings("ArrayRecordComponent")
public record Entry(
        byte @Nullable [] value,
        @Nullable String version,
        @Nullable String horizon) {

    /** Nothing at all. */
    public static final Entry NONE = new Entry(null, null, null);

    private static final int LARGE = 1 << 20;

    /** Whether nothing was written between the two moments; the earlier may be {@linkplain #digested() digested}. */
    public boolean isUntouchedSince(Entry earlier) {
        return Objects.equals(version, earlier.version)
                && Objects.equals(horizon, earlier.horizon)
                && (Arrays.equals(value, earlier.value) || Arrays.equals(digested().value, earlier.value));
    }

    /** The same, with a digest in the place of a value above 1 MiB: to be compared with what is there later, without memory. */
    public Entry digested() {
        return value == null || value.length <= LARGE ? this : new Entry(sha256(value), version, horizon);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: every Java has SHA-256", e);
        }
    }

    /** Without the value, which may be a person's. */
    @Override
    public String toString() {
        return "Entry[" + (value == null ? "no value" : value.length + " bytes") + ", " + version + "]";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Entry entry && isUntouchedSince(entry);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(value), version, horizon);
    }
}
