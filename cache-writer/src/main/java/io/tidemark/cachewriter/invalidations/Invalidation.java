package io.tidemark.cachewriter.invalidations;

import org.jspecify.annotations.Nullable;

/**
 * What became stale in one moment, as it is said on Kafka.
 *
 * @param id of the record in the Redis stream: Unix milliseconds, a dash and a number
 * @param kind {@code tags}, {@code keys}, or {@code reset}: anything may be stale
 * @param names a JSON array of texts
 * @param version the newest version of a change among the keys, where it is known
 * @param committedAtMicros when that was committed, microseconds since 1970-01-01 UTC
 */
public record Invalidation(
        String id,
        String kind,
        String names,
        @Nullable String version,
        @Nullable String committedAtMicros) {

    private static final String RESET = "reset";

    /** Records may have been missed before this one. */
    static Invalidation reset(String id) {
        return new Invalidation(id, RESET, "[]", null, null);
    }

    /** One JSON object. The texts need no escape: kinds, ids, versions and numbers are made by the function library. */
    public String json() {
        StringBuilder json = new StringBuilder(64 + names.length());
        json.append("{\"kind\":\"")
                .append(kind)
                .append("\",\"id\":\"")
                .append(id)
                .append('"');
        if (!kind.equals(RESET)) {
            json.append(",\"names\":").append(names);
        }
        if (version != null) {
            json.append(",\"version\":\"").append(version).append('"');
        }
        if (committedAtMicros != null) {
            json.append(",\"committedAtMicros\":").append(committedAtMicros);
        }
        return json.append('}').toString();
    }
}
