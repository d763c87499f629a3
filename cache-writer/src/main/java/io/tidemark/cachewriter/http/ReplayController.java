package io.tidemark.cachewriter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.replay.From;
import io.tidemark.cachewriter.replay.Replays;
import io.tidemark.cachewriter.replay.Wish;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Replays: changes that Kafka still holds, applied once more under the fences. */
@Controller("/api/cache/replay")
@Tag(name = "replay")
@ExecuteOn(TaskExecutors.IO)
final class ReplayController {
    private static final long MOST = 1_000_000_000L;
    private static final int LONGEST_NAME = 100;

    private final Replays replays;
    private final Jobs jobs;

    ReplayController(Replays replays, Jobs jobs) {
        this.replays = replays;
        this.jobs = jobs;
    }

    @Post(produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(
            summary =
                    "Replays changes of cache, tag or key, or all, from earliest, a time or an offset; with dry_run it only counts.")
    HttpResponse<String> replay(HttpRequest<?> request, @Body @Nullable String body) {
        Input input = Input.of(body, Set.of("cache", "tag", "key", "from", "dry_run", "rate", "by"));
        String by = input.text("by").replaceAll("[^\\p{L}\\p{N}@._ -]", "");
        String role = Gatekeeper.roleOf(request);
        String who = by.isBlank() ? role : by.substring(0, Math.min(LONGEST_NAME, by.length())) + " (" + role + ")";
        Job job = replays.submit(new Wish(
                input.text("cache"),
                input.text("tag"),
                input.text("key"),
                From.parse(input.text("from")),
                input.flag("dry_run"),
                input.number("rate", 0, 0, MOST),
                who));
        return HttpResponse.<String>status(HttpStatus.ACCEPTED)
                .header("Location", "/api/cache/jobs/" + job.id())
                .body(Answers.accepted(job));
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "The last replays of this cache-writer, newest first.")
    String all() {
        ArrayNode all = Answers.JSON.createArrayNode();
        jobs.all().stream().filter(job -> job.isA(Replays.KIND)).forEach(job -> all.add(job.json()));
        return all.toString();
    }

    @Get(uri = "/log", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "Who had what replayed, when, and what came of it, newest first.")
    String log(@QueryValue(defaultValue = "100") int limit) {
        return replays.log(Math.max(1, Math.min(1_000, limit))).toString();
    }

    @Post(uri = "/{id}/pause", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Has a replay wait at the next good moment.")
    HttpResponse<String> pause(String id) {
        return answer(replays.pause(id));
    }

    @Post(uri = "/{id}/resume", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Lets a replay that waits go on.")
    HttpResponse<String> resume(String id) {
        return answer(replays.goOn(id));
    }

    @Post(uri = "/{id}/cancel", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Has a replay stop at the next good moment; what it did stays done.")
    HttpResponse<String> cancel(String id) {
        Optional<Job> found = jobs.job(id).filter(job -> job.isA(Replays.KIND));
        found.ifPresent(Job::cancel);
        return answer(found);
    }

    @Error(exception = Replays.BusyException.class)
    HttpResponse<String> busy(Replays.BusyException busy) {
        return HttpResponse.<String>status(HttpStatus.CONFLICT)
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Answers.JSON
                        .createObjectNode()
                        .put("error", busy.getMessage())
                        .put("locked", true)
                        .put("remedy", "wait for it, or cancel it; GET /api/cache/replay lists it")
                        .toString());
    }

    @Error(exception = History.AwayException.class)
    HttpResponse<String> away(History.AwayException away) {
        return Gatekeeper.refusal(
                HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(away.getMessage()), "bring Kafka back, then ask again");
    }

    private static HttpResponse<String> answer(Optional<Job> job) {
        return job.map(found -> HttpResponse.ok(found.json().toString())).orElseGet(ReplayController::noReplay);
    }

    private static MutableHttpResponse<String> noReplay() {
        return Gatekeeper.refusal(
                HttpStatus.NOT_FOUND, "there is no such replay", "GET /api/cache/replay lists the last ones");
    }
}
