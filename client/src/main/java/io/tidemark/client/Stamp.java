package io.tidemark.client;

import java.util.Optional;

/**
 * The number of the last bump at some moment, within a life of the tags in Redis. docs/cache-contract.md has the rule.
 *
 * @param life which life; numbers of two lives cannot be compared
 * @param number counts bumps
 */
public record Stamp(String life, long number) {

    /** Reads {@code <life>:<number>}; empty for any other text. */
    public static Optional<Stamp> parse(String text) {
        int colon = text.indexOf(':');
        try {
            return colon < 1
                    ? Optional.empty()
                    : Optional.of(new Stamp(text.substring(0, colon), Long.parseLong(text.substring(colon + 1))));
        } catch (NumberFormatException other) {
            return Optional.empty();
        }
    }

    /** Whether nothing of a tag was bumped after this stamp, by the tag's counter. */
    public boolean covers(Stamp counter) {
        return life.equals(counter.life) && counter.number <= number;
    }
}
