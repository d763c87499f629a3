package io.tidemark.reconciler.verify;

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

    /** Whether nothing was written between the two moments. */
    public boolean isUntouchedSince(Entry earlier) {
        return Objects.equals(version, earlier.version)
                && Objects.equals(horizon, earlier.horizon)
                && Arrays.equals(value, earlier.value);
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
