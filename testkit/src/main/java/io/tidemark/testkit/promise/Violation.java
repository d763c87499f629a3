package io.tidemark.testkit.promise;

/**
 * One contradiction between a promise and what was observed.
 *
 * @param subject the row or the key
 * @param evidence what was seen, and what should have been
 */
public record Violation(String subject, String evidence) {

    @Override
    public String toString() {
        return subject + ": " + evidence;
    }
}
