package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.pipeline.WarmSettings.Source;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A warming of one cache and how far it is; kept in Redis, so that whoever is there goes on with it. Immutable.
 *
 * @param source where rows come from
 * @param rate rows a second at most, 0 for as fast as it goes
 * @param limit entries at most
 * @param askedDone whether what is asked for most is done
 * @param cursor where to go on; null to begin
 * @param looked how many entries have been looked at
 * @param held whether somebody has stopped it, so that only a person lets it go on
 */
record WarmOrder(
        Source source,
        long rate,
        long limit,
        boolean askedDone,
        @Nullable String cursor,
        long looked,
        boolean held) {
    private static final JsonMapper JSON = new JsonMapper();

    static WarmOrder of(Source source, long rate, long limit) {
        return new WarmOrder(source, rate, limit, false, null, 0, false);
    }

    /** The same pace and bounds as asked for now, from where another one was interrupted. */
    WarmOrder goingOnFrom(WarmOrder before) {
        return before.source == source && before.looked < limit
                ? new WarmOrder(source, rate, limit, before.askedDone, before.cursor, before.looked, false)
                : this;
    }

    WarmOrder after(@Nullable String newCursor, long more) {
        return new WarmOrder(source, rate, limit, askedDone, newCursor, looked + more, held);
    }

    WarmOrder askedAreDone() {
        return new WarmOrder(source, rate, limit, true, null, looked, held);
    }

    WarmOrder heldBack() {
        return new WarmOrder(source, rate, limit, askedDone, cursor, looked, true);
    }

    WarmOrder anew() {
        return of(source, rate, limit);
    }

    boolean hasBegun() {
        return askedDone || cursor != null || looked > 0;
    }

    long left() {
        return Math.max(0, limit - looked);
    }

    /** As it lies in Redis. */
    String text() {
        ObjectNode json = JSON.createObjectNode();
        json.put("source", source.name().toLowerCase(Locale.ROOT));
        json.put("rate", rate);
        json.put("limit", limit);
        json.put("asked_done", askedDone);
        json.put("cursor", cursor);
        json.put("looked", looked);
        json.put("held", held);
        return json.toString();
    }

    /** Reads it; empty for what another version of this program may have left. */
    static Optional<WarmOrder> parse(String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode json) {
                return Optional.of(new WarmOrder(
                        json.path("source").asText().equals("kafka") ? Source.KAFKA : Source.DATABASE,
                        json.path("rate").asLong(),
                        json.path("limit").asLong(),
                        json.path("asked_done").asBoolean(),
                        json.path("cursor").isTextual() ? json.path("cursor").asText() : null,
                        json.path("looked").asLong(),
                        json.path("held").asBoolean()));
            }
        } catch (JsonProcessingException notOurs) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
