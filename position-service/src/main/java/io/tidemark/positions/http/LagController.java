package io.tidemark.positions.http;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.positions.lag.LagHistory;
import io.tidemark.positions.lag.LagMemory;
import io.tidemark.positions.lag.LagReport;
import io.tidemark.positions.lag.LagWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** How far every consumer group of the cluster is behind, and was. */
@Controller("/api/lag")
@Tag(name = "lag")
@ExecuteOn(TaskExecutors.BLOCKING)
final class LagController {
    private static final int MOST_HOURS = 72;

    private final LagWatch watch;
    private final LagMemory memory;
    private final Clock clock;

    LagController(LagWatch watch, LagMemory memory, Clock clock) {
        this.watch = watch;
        this.memory = memory;
        this.clock = clock;
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "Every consumer group's lag in records and seconds, by topic and partition, with its state and when it will be caught up.")
    HttpResponse<String> lag(@QueryValue(defaultValue = "") String group) {
        Optional<LagReport> last = watch.last();
        if (last.isEmpty()) {
            String why = watch.problem().isEmpty() ? "nobody has looked yet" : watch.problem();
            return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE)
                    .body(Answers.error(why, "", "ask again in a moment; bring Kafka back when this stays"));
        }
        LagReport report = last.get();
        if (!group.isEmpty() && report.group(group).isEmpty()) {
            throw new BadInputException(
                    HttpStatus.NOT_FOUND,
                    "group",
                    "there is no consumer group " + group,
                    "leave it out to see all groups");
        }
        Duration age = Duration.between(report.at(), clock.instant());
        return HttpResponse.ok(
                LagAnswers.report(report, group, age, watch.problem()).toString());
    }

    @Get(uri = "/history", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "What the lag of a group, or of one of its topics, was over the last hours, 72 at most.")
    String history(
            @QueryValue(defaultValue = "") String group,
            @QueryValue(defaultValue = "") String topic,
            @QueryValue(defaultValue = "24") String hours) {
        if (group.isEmpty()) {
            throw BadInputException.in("group", "expected the name of a group", "GET /api/lag lists them");
        }
        if (!hours.matches("\\d{1,2}") || Integer.parseInt(hours) < 1 || Integer.parseInt(hours) > MOST_HOURS) {
            throw BadInputException.in(
                    "hours", "expected a whole number from 1 to " + MOST_HOURS, "leave it out for 24");
        }
        Instant since = clock.instant().minus(Integer.parseInt(hours), ChronoUnit.HOURS);
        List<LagHistory.Point> points = memory.history().points(new LagHistory.Series(group, topic), since);
        if (points.isEmpty()) {
            throw new BadInputException(
                    HttpStatus.NOT_FOUND,
                    topic.isEmpty() ? "group" : "topic",
                    "nothing is kept of "
                            + (topic.isEmpty() ? "a group " + group : "a topic " + topic + " of " + group),
                    "GET /api/lag lists what there is");
        }
        return LagAnswers.history(group, topic, points).toString();
    }
}
