package io.tidemark.cachewriter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.cachewriter.history.CacheHistory;
import io.tidemark.cachewriter.history.HistoryKeeper;
import io.tidemark.cachewriter.history.HistoryStore;
import io.tidemark.cachewriter.history.Points.Point;
import io.tidemark.cachewriter.history.Sample;
import io.tidemark.cachewriter.jobs.RefusedException;
import java.time.Duration;

/** What the figures of the caches were. */
@Controller("/api/cache/history")
@Tag(name = "cache")
@ExecuteOn(TaskExecutors.IO)
final class HistoryController {
    /** Minutes. */
    private static final int MOST_STEP = 1_440;

    private final CacheHistory history;

    HistoryController(CacheHistory history) {
        this.history = history;
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "Figures of a cache over the last hours, 72 at most: hits, misses, refused fills, invalidations, warm-ups, keys, memory; of all caches together without cache.")
    String history(
            @QueryValue(defaultValue = HistoryKeeper.ALL) String cache,
            @QueryValue(defaultValue = "24") String hours,
            @QueryValue(defaultValue = "") String step) {
        CacheHistory.Line line = history.line(
                        cache,
                        number("hours", hours, CacheHistory.MOST_HOURS, "leave it out for 24"),
                        step.isEmpty()
                                ? null
                                : Duration.ofMinutes(
                                        number("step", step, MOST_STEP, "minutes; leave it out for a fitting one")))
                .orElseThrow(() -> new RefusedException(
                        "cache",
                        "there is no history of a cache " + cache,
                        "GET /api/cache/stats names the caches; leave it out for all together"));
        ObjectNode json = Answers.JSON.createObjectNode();
        json.put("cache", cache);
        json.put("from", line.from().toString());
        json.put("step_minutes", line.step().toMinutes());
        HistoryStore.Began began = line.began();
        json.put("kept_since", began == null ? null : began.at().toString());
        json.put("redis_was_emptied", began != null && began.emptied());
        json.put("note", line.note());
        ArrayNode points = json.putArray("points");
        line.points().forEach(point -> points.add(json(point)));
        return json.toString();
    }

    private static ObjectNode json(Point point) {
        Sample counts = point.counts();
        ObjectNode json = Answers.JSON.createObjectNode();
        json.put("at", point.at().toString());
        json.put("minutes", point.minutes());
        json.put("hits", counts.hits());
        json.put("misses", counts.misses());
        long asked = counts.hits() + counts.misses();
        if (asked == 0) {
            json.putNull("hit_rate_percent");
        } else {
            json.put("hit_rate_percent", Math.round(1000.0 * counts.hits() / asked) / 10.0);
        }
        json.put("refused", counts.refused());
        json.put("invalidations", counts.invalidations());
        json.put("warm_ups", counts.warmUps());
        json.put("keys", counts.keys());
        json.put("memory_bytes", counts.bytes());
        json.put("began_anew", point.beganAnew());
        return json;
    }

    private static int number(String field, String text, int most, String remedy) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new RefusedException(field, "expected a whole number from 1 to " + most, remedy);
        }
        return Integer.parseInt(text);
    }
}
