package io.tidemark.cachewriter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.resync.ResyncWish;
import io.tidemark.cachewriter.resync.Resyncs;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resyncs: how old each cache's last one is, whether it needs one, and having one done. */
@Controller("/api/cache/resync")
@Tag(name = "resync")
@ExecuteOn(TaskExecutors.IO)
final class ResyncController {
    private static final long MOST = 1_000_000_000L;

    private final Resyncs resyncs;

    ResyncController(Resyncs resyncs) {
        this.resyncs = resyncs;
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "Of every cache: driver, whether it exists, its count, its last resync, whether it needs one. With count=false the"
                            + " database is not asked: the count is the last resync's, and exists is null.")
    String all(@QueryValue(defaultValue = "true") boolean count) throws SQLException, InterruptedException {
        ArrayNode all = Answers.JSON.createArrayNode();
        for (String cache : resyncs.names()) {
            all.add(resyncs.status(cache, count));
        }
        return all.toString();
    }

    @Get(uri = "/{cache}", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "The same of one cache.")
    HttpResponse<String> one(String cache, @QueryValue(defaultValue = "true") boolean count)
            throws SQLException, InterruptedException {
        return isOne(cache) ? HttpResponse.ok(resyncs.status(cache, count).toString()) : unknown(cache);
    }

    @Get(uri = "/{cache}/needed", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "Whether a cache needs a resync: it never had one, or its interval is over.")
    HttpResponse<String> needed(String cache) {
        if (!isOne(cache)) {
            return unknown(cache);
        }
        return HttpResponse.ok(Answers.JSON
                .createObjectNode()
                .put("cache", cache)
                .put("needs_resync", resyncs.needsResync(cache))
                .toString());
    }

    @Get(uri = "/{cache}/last-sync", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "When a cache's last good resync ended; null for never.")
    HttpResponse<String> lastSync(String cache) {
        if (!isOne(cache)) {
            return unknown(cache);
        }
        ObjectNode json = Answers.JSON.createObjectNode().put("cache", cache);
        json.put("last_sync", resyncs.lastSync(cache).map(Object::toString).orElse(null));
        return HttpResponse.ok(json.toString());
    }

    @Post(produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(
            summary =
                    "Resyncs the caches in caches, or all: those that need it, or each with force; from the database or from Kafka, as"
                            + " source says. With keys or rows (FROM..TO) only these entries of one cache. Readers always find an"
                            + " entry.")
    HttpResponse<String> resync(@Body @Nullable String body) throws SQLException, InterruptedException {
        Input input = Input.of(body, Set.of("caches", "force", "rate", "source", "keys", "rows"));
        ResyncWish wish = new ResyncWish(
                input.texts("caches"),
                input.flag("force"),
                input.number("rate", 0, 0, MOST),
                input.source("source"),
                input.chosen("keys"),
                input.text("rows"));
        List<String> due = resyncs.due(wish);
        if (due.isEmpty()) {
            return HttpResponse.ok(Answers.JSON
                    .createObjectNode()
                    .put("state", "fresh")
                    .put("needs_resync", false)
                    .toString());
        }
        Job job = resyncs.submit(wish.with(due));
        return HttpResponse.<String>status(HttpStatus.ACCEPTED)
                .header("Location", "/api/cache/jobs/" + job.id())
                .body(Answers.accepted(job));
    }

    private boolean isOne(String cache) {
        return resyncs.names().contains(cache);
    }

    private static HttpResponse<String> unknown(String cache) {
        return Gatekeeper.refusal(
                HttpStatus.NOT_FOUND, "there is no such cache", "GET /api/cache/resync lists the caches");
    }
}
