package io.tidemark.reconciler.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.core.timetable.Every;
import io.tidemark.reconciler.schedule.JobRun;
import io.tidemark.reconciler.schedule.JobState;
import io.tidemark.reconciler.schedule.Schedules;
import io.tidemark.reconciler.schedule.Schedules.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done on a schedule: looking at it, stopping and starting it, having it done now. */
@Controller("/scheduler")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.ALL)
@ExecuteOn(TaskExecutors.IO)
final class SchedulerController {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int NEXT = 3;
    private static final int MOST_HOURS = 8_760;

    private final Schedules schedules;

    SchedulerController(Schedules schedules) {
        this.schedules = schedules;
    }

    @Get("/status")
    String status() {
        State state = schedules.state();
        ObjectNode json = JSON.createObjectNode();
        json.put("running", state.running());
        json.put("enabled", state.enabled());
        json.put("stopped", state.stopped());
        json.put("problem", state.problem());
        json.put("instance", state.instance());
        ArrayNode jobs = json.putArray("jobs");
        schedules.jobs().forEach(job -> jobs.add(json(job)));
        return json.toString();
    }

    @Get("/history")
    String history(@QueryValue String job, @QueryValue(defaultValue = "100") int most) {
        known(job);
        ArrayNode runs = JSON.createArrayNode();
        schedules.history(job, Math.max(1, Math.min(100, most))).forEach(run -> runs.add(json(run)));
        return runs.toString();
    }

    @Post("/start")
    String start() {
        schedules.start();
        return status();
    }

    /** What runs goes on to its end. */
    @Post("/stop")
    String stop() {
        schedules.stop();
        return status();
    }

    @Post("/trigger-now")
    HttpResponse<String> triggerNow(@QueryValue @Nullable String job) {
        ScheduledJob chosen = job == null ? theOne(null) : known(job);
        schedules.triggerNow(List.of(chosen.name()));
        return HttpResponse.<String>status(HttpStatus.ACCEPTED)
                .body(JSON.createObjectNode()
                        .put("triggered", chosen.name())
                        .put("href", "/scheduler/history?job=" + chosen.name())
                        .toString());
    }

    @Put("/interval")
    String interval(@QueryValue @Nullable String hours, @QueryValue @Nullable String job) {
        if (hours == null || !hours.matches("[1-9][0-9]{0,3}") || Integer.parseInt(hours) > MOST_HOURS) {
            throw RefusedException.badRequest(
                    "hours",
                    "expected a whole number of hours from 1 to " + MOST_HOURS + ", found "
                            + (hours == null ? "none" : "\"" + hours + "\""),
                    "send PUT /scheduler/interval?hours=12");
        }
        ScheduledJob chosen = job == null ? theOne(Every.class) : known(job);
        if (!(chosen.timetable() instanceof Every)) {
            throw new RefusedException(
                    HttpStatus.CONFLICT,
                    "job",
                    "job " + chosen.name() + " runs by a cron line, "
                            + chosen.timetable().text() + ", and has no interval",
                    "change it in the pipeline file, or name a job that runs by an interval");
        }
        Instant next = schedules.every(chosen.name(), Duration.ofHours(Integer.parseInt(hours)));
        ObjectNode json = JSON.createObjectNode();
        json.put("job", chosen.name());
        json.put("interval_hours", Integer.parseInt(hours));
        json.put("next_run", next.toString());
        schedules.jobs().stream()
                .filter(one -> one.job().name().equals(chosen.name()))
                .findFirst()
                .ifPresent(one -> json.put("warning", one.warning()));
        return json.toString();
    }

    /** The job that is meant when none is named: that of the search data, or the only one. */
    private ScheduledJob theOne(@Nullable Class<?> timetable) {
        List<ScheduledJob> all = schedules.jobs().stream()
                .map(JobState::job)
                .filter(job -> timetable == null || timetable.isInstance(job.timetable()))
                .toList();
        if (all.size() == 1) {
            return all.get(0);
        }
        return all.stream()
                .filter(job -> job.kind() == ScheduledJob.Kind.SEARCH && job.timetable() instanceof Every)
                .findFirst()
                .orElseThrow(() -> RefusedException.badRequest(
                        "job",
                        "expected the name of a job",
                        "add ?job= and one of "
                                + all.stream().map(ScheduledJob::name).toList()));
    }

    private ScheduledJob known(String name) {
        List<ScheduledJob> all = schedules.jobs().stream().map(JobState::job).toList();
        return all.stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        HttpStatus.NOT_FOUND,
                        "job",
                        "there is no job " + name + " under schedules",
                        "use one of " + all.stream().map(ScheduledJob::name).toList()));
    }

    @Error(exception = Schedules.UnavailableException.class)
    HttpResponse<Refusal> away(Schedules.UnavailableException away) {
        return HttpResponse.<Refusal>status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(new Refusal(String.valueOf(away.getMessage()), null, "ask again when that is mended"));
    }

    private static ObjectNode json(JobState state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("job", state.job().name());
        json.put("kind", state.job().kind().text());
        json.put("when", state.job().timetable().text());
        json.put("next_run", state.next() == null ? null : state.next().toString());
        ArrayNode next = json.putArray("next_runs");
        state.nextRuns(NEXT).forEach(at -> next.add(at.toString()));
        json.put("warning", state.warning());
        ArrayNode history = json.putArray("history");
        state.runs().forEach(run -> history.add(json(run)));
        return json;
    }

    private static ObjectNode json(JobRun run) {
        ObjectNode json = JSON.createObjectNode();
        json.put("planned", run.planned().toString());
        json.put("began", run.began().toString());
        json.put("ended", run.ended() == null ? null : run.ended().toString());
        json.put("state", run.state().text());
        json.put("by_hand", run.byHand());
        json.put("missed_before", run.missed());
        json.put("instance", run.instance());
        Duration took = run.duration();
        if (took == null) {
            json.putNull("duration_ms");
        } else {
            json.put("duration_ms", took.toMillis());
        }
        if (run.result() != null) {
            try {
                json.set("result", JSON.readTree(run.result()));
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException("BUG: the database keeps a result that is not JSON", impossible);
            }
        }
        json.put("error", run.problem());
        return json;
    }
}
