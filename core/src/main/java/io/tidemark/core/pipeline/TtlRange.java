package io.tidemark.core.pipeline;

import java.time.Duration;

/**
 * Between which times to live the entries of a cache may be moved by how much they are asked for. Immutable.
 *
 * @param least what entries live that nobody asks for, above zero
 * @param most what those live that are asked for most, not below the least
 */
public record TtlRange(Duration least, Duration most) {

    public TtlRange {
        if (least.isNegative() || least.isZero() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "expected a least ttl above zero and a most not below it, found " + least + " and " + most);
        }
    }
}
