package io.tidemark.reconciler.http;

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
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.tidemark.core.pipeline.SearchData.Kind;
import io.tidemark.reconciler.schedule.Schedules;
import io.tidemark.reconciler.search.SearchSync;
import io.tidemark.reconciler.search.SearchSync.BusyException;
import java.util.List;

/** The search data: having it read again, all of it or one kind, and how it stands. */
@Controller
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.ALL)
@ExecuteOn(TaskExecutors.IO)
final class SearchController {
    private static final JsonMapper JSON = new JsonMapper();

    private final SearchSync search;
    private final Schedules schedules;

    SearchController(SearchSync search, Schedules schedules) {
        this.search = search;
        this.schedules = schedules;
    }

    @Post("/re-sync-all")
    HttpResponse<String> all() {
        return begun(List.copyOf(search.data().kinds().keySet()));
    }

    @Post("/generate-data-set")
    HttpResponse<String> categories() {
        return begun(List.of(Kind.CATEGORIES));
    }

    @Post("/generate-box-data")
    HttpResponse<String> boxes() {
        return begun(List.of(Kind.BOXES));
    }

    @Post("/generate-option-data")
    HttpResponse<String> options() {
        return begun(List.of(Kind.OPTIONS));
    }

    @Get("/sync-status")
    String status() {
        return search.status().toString();
    }

    @Get("/info")
    String info() {
        ObjectNode json = JSON.createObjectNode();
        json.put("service", "tidemark-reconciler");
        String version = SearchController.class.getPackage().getImplementationVersion();
        json.put("version", version == null ? "unknown" : version);
        ObjectNode kinds = json.putObject("search_data");
        search.data().kinds().forEach((kind, caches) -> {
            ArrayNode names = kinds.putArray(kind.text());
            caches.forEach(names::add);
        });
        json.put("scheduler_running", schedules.state().running());
        ArrayNode requests = json.putArray("requests");
        List.of(
                        "POST /re-sync-all",
                        "POST /generate-data-set",
                        "POST /generate-box-data",
                        "POST /generate-option-data",
                        "GET /sync-status",
                        "GET /scheduler/status",
                        "POST /scheduler/start",
                        "POST /scheduler/stop",
                        "POST /scheduler/trigger-now",
                        "PUT /scheduler/interval?hours=12")
                .forEach(requests::add);
        return json.toString();
    }

    private HttpResponse<String> begun(List<Kind> kinds) {
        for (Kind kind : kinds) {
            if (search.data().of(kind).isEmpty()) {
                throw none(kind.text());
            }
        }
        if (kinds.isEmpty()) {
            throw none("categories, boxes and options");
        }
        try {
            search.begin(kinds);
        } catch (BusyException busy) {
            throw new RefusedException(
                    HttpStatus.CONFLICT, "", String.valueOf(busy.getMessage()), "see GET /sync-status and ask again");
        }
        ObjectNode json = JSON.createObjectNode().put("state", "running").put("href", "/sync-status");
        ArrayNode named = json.putArray("kinds");
        kinds.forEach(kind -> named.add(kind.text()));
        return HttpResponse.<String>status(HttpStatus.ACCEPTED).body(json.toString());
    }

    private static RefusedException none(String kind) {
        return new RefusedException(
                HttpStatus.NOT_FOUND,
                "",
                "the pipeline file names no caches of " + kind + " under search",
                "name them there");
    }

    @Error(exception = IllegalStateException.class)
    HttpResponse<Refusal> notReady(IllegalStateException notReady) {
        return HttpResponse.<Refusal>status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(new Refusal(String.valueOf(notReady.getMessage()), null, "ask again when it is there"));
    }
}
