package io.tidemark.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What cache-writer has done since it was started.
 *
 * @param changes changes dealt with
 * @param p50Millis freshness over the last seconds; empty when nothing came in them
 * @param keys entries in Redis
 * @param deadLetters records that could not be read
 */
public record Applied(
        long changes, OptionalDouble p50Millis, OptionalDouble p99Millis, OptionalLong keys, long deadLetters) {

    /** Asks cache-writer; empty while it does not answer. */
    public static Optional<Applied> of(ServiceClient cacheWriter) throws InterruptedException {
        try {
            ServiceClient.Answer answer = cacheWriter.get("/api/progress");
            return answer.isGood() ? Optional.of(of(answer.body())) : Optional.empty();
        } catch (UnreachableException e) {
            return Optional.empty();
        }
    }

    static Applied of(JsonNode body) {
        JsonNode freshness = body.path("freshness");
        boolean anyChange = freshness.path("changes").asLong() > 0;
        return new Applied(
                body.path("applied").asLong(),
                number(freshness.path("p50Millis"), anyChange),
                number(freshness.path("p99Millis"), anyChange),
                body.path("keys").isNumber() ? OptionalLong.of(body.path("keys").asLong()) : OptionalLong.empty(),
                body.path("deadLetters").asLong());
    }

    private static OptionalDouble number(JsonNode node, boolean known) {
        return known && node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
