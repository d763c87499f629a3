package io.tidemark.cachewriter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.cachewriter.admin.CacheDesk;
import io.tidemark.cachewriter.admin.Clearing;
import io.tidemark.cachewriter.admin.Invalidating;
import io.tidemark.cachewriter.admin.Optimizing;
import io.tidemark.cachewriter.admin.Warming;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The caches: figures, filling, clearing, invalidating, tuning, and one entry in the light. */
@Controller("/api/cache")
@Tag(name = "cache")
@ExecuteOn(TaskExecutors.IO)
final class CacheController {
    private static final long MOST = 1_000_000_000L;

    private final CacheDesk desk;

    CacheController(CacheDesk desk) {
        this.desk = desk;
    }

    @Get(uri = "/stats", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "Hits, misses, hit rate, invalidations, warm-ups, keys, memory, and whether Redis is up.")
    String stats() {
        return desk.figures().json().toString();
    }

    @Post(uri = "/warm", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(
            summary =
                    "Fills what is missing of caches, what is asked for most first; all, or those in caches or of kinds.")
    HttpResponse<String> warm(@QueryValue(defaultValue = "false") boolean dryRun, @Body @Nullable String body)
            throws SQLException {
        Input input = Input.of(body, Set.of("caches", "kinds", "rate", "limit", "source", "restart"));
        List<String> caches = input.texts("caches");
        Warming.Wish wish = new Warming.Wish(
                caches.equals(List.of("all")) ? List.of() : caches,
                input.texts("kinds"),
                input.numberIfGiven("rate", 0, MOST),
                input.numberIfGiven("limit", 1, MOST),
                input.source("source"),
                input.flag("restart"));
        var counts = desk.warming().count(wish);
        return dryRun
                ? HttpResponse.ok(Answers.counted(counts))
                : begun(desk.warming().begin(wish));
    }

    @Post(uri = "/clear", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(
            summary =
                    "Clears the caches in caches, or all: entries of rows are read again in place, those of applications invalidated.")
    HttpResponse<String> clear(@QueryValue(defaultValue = "false") boolean dryRun, @Body @Nullable String body) {
        Input input = Input.of(body, Set.of("caches", "all", "rate"));
        Clearing.Wish wish = new Clearing.Wish(
                new LinkedHashSet<>(input.texts("caches")), input.flag("all"), input.number("rate", 0, 0, MOST));
        return dryRun
                ? HttpResponse.ok(Answers.counted(desk.clearing().count(wish)))
                : begun("clear", job -> desk.clearing().run(wish, job));
    }

    @Post(uri = "/invalidate", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Makes entries stale by tags, keys, pattern, shop or type.")
    HttpResponse<String> invalidate(
            HttpRequest<?> request, @QueryValue(defaultValue = "false") boolean dryRun, @Body @Nullable String body)
            throws SQLException {
        Input input = Input.of(body, Set.of("tags", "keys", "pattern", "shop", "type", "all"));
        Invalidating.Wish wish = new Invalidating.Wish(
                input.texts("tags"),
                input.texts("keys"),
                input.text("pattern"),
                input.text("shop"),
                input.text("type"),
                input.flag("all"));
        desk.invalidating().check(wish);
        if (dryRun) {
            return HttpResponse.ok(Answers.counted(desk.invalidating().count(wish)));
        }
        if (wish.all() && !Gatekeeper.isAdmin(request)) {
            return Gatekeeper.refusal(
                    HttpStatus.FORBIDDEN, "only an admin may invalidate everything", "use the admin's token");
        }
        return begun("invalidate", job -> desk.invalidating().run(wish, job));
    }

    @Post(uri = "/optimize", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Measures, acts within the bounds given, and recommends in words.")
    HttpResponse<String> optimize(@QueryValue(defaultValue = "false") boolean dryRun, @Body @Nullable String body)
            throws SQLException {
        Input input = Input.of(body, Set.of("sweep", "warm", "look", "rate", "hit_rate_percent"));
        Optimizing.Bounds bounds = new Optimizing.Bounds(
                input.number("sweep", 1_000_000, 0, MOST),
                input.number("warm", 1_000, 0, 1_000_000),
                input.number("look", 10_000, 0, 1_000_000),
                input.number("rate", 2_000, 0, MOST),
                input.number("hit_rate_percent", 80, 0, 100));
        if (dryRun) {
            ObjectNode found = desk.optimizing().measure(bounds);
            found.put("dry_run", true);
            return HttpResponse.ok(found.toString());
        }
        return begun("optimize", job -> desk.optimizing().run(bounds, job));
    }

    @Get(uri = "/entries/{key:.+}", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "One entry: age, version, commit time, tags, time to live, source row, last action.")
    String entry(String key) {
        return desk.explaining().entry(key).toString();
    }

    @Get(uri = "/explain/{key:.+}", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "Whether one entry is right, and how that is known.")
    String explain(String key) throws SQLException, InterruptedException {
        return desk.explaining().explain(key).json().toString();
    }

    @Get(uri = "/jobs", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "The last jobs, newest first.")
    String jobs() {
        ArrayNode all = Answers.JSON.createArrayNode();
        desk.jobs().all().forEach(job -> all.add(job.json()));
        return all.toString();
    }

    @Get(uri = "/jobs/{id}", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "How far a job is.")
    HttpResponse<String> job(String id) {
        return desk.jobs()
                .job(id)
                .map(job -> HttpResponse.ok(job.json().toString()))
                .orElseGet(CacheController::noJob);
    }

    @Post(uri = "/jobs/{id}/cancel", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Has a job stop at the next good moment; what it did stays done.")
    HttpResponse<String> cancel(String id) {
        return desk.jobs()
                .job(id)
                .map(job -> {
                    job.cancel();
                    return HttpResponse.ok(job.json().toString());
                })
                .orElseGet(CacheController::noJob);
    }

    private HttpResponse<String> begun(String kind, Jobs.Work work) {
        return begun(desk.jobs().submit(kind, work));
    }

    private static HttpResponse<String> begun(Job job) {
        return HttpResponse.<String>status(HttpStatus.ACCEPTED)
                .header("Location", "/api/cache/jobs/" + job.id())
                .body(Answers.accepted(job));
    }

    private static MutableHttpResponse<String> noJob() {
        return Gatekeeper.refusal(
                HttpStatus.NOT_FOUND, "there is no such job", "GET /api/cache/jobs lists the last ones");
    }
}
