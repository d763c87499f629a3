package io.tidemark.positions.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.views.ModelAndView;
import io.swagger.v3.oas.annotations.Hidden;
import io.tidemark.core.access.Role;
import io.tidemark.positions.http.PositionDesk;
import io.tidemark.positions.position.StoreId;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The pages that show; each has its own address. */
@Controller
@Hidden
@ExecuteOn(TaskExecutors.BLOCKING)
final class ConsoleController {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final PositionDesk desk;
    private final LiveState state;
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    ConsoleController(PositionDesk desk, LiveState state) {
        this.desk = desk;
        this.state = state;
    }

    @Get("/")
    HttpResponse<?> root() {
        return HttpResponse.seeOther(URI.create("/positions"));
    }

    @Get("/positions")
    @Produces(MediaType.TEXT_HTML)
    ModelAndView<Map<String, Object>> positions(HttpRequest<?> request, @QueryValue @Nullable String show) {
        boolean onlyAttention = "attention".equals(show);
        LiveState.Shown shown = state.now();
        return page(
                "positions.jte",
                request,
                Map.of(
                        "at", shown.at().toString(),
                        "overview", shown.overview(),
                        "rows", shown.rows(onlyAttention),
                        "onlyAttention", onlyAttention,
                        "samples", LiveFeed.samples(shown.samples()).toString()));
    }

    @Get(uri = "/positions/live", produces = MediaType.TEXT_EVENT_STREAM)
    Publisher<Event<String>> live() {
        return Flux.defer(() -> {
            LiveFeed feed = new LiveFeed(templates, state);
            return Flux.interval(Duration.ZERO, EVERY)
                    .onBackpressureDrop()
                    .publishOn(Schedulers.boundedElastic(), 1)
                    .map(tick -> Event.of(feed.next()).name("state"));
        });
    }

    @Get("/positions/restore")
    @Produces(MediaType.TEXT_HTML)
    ModelAndView<Map<String, Object>> askRestoreAll(HttpRequest<?> request) {
        return page(
                "confirm.jte", request, Map.of("store", "", "rows", state.now().rows()));
    }

    @Get("/positions/{store}")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> store(HttpRequest<?> request, String store) {
        return ofStore("store.jte", request, store, Map.of());
    }

    @Get("/positions/{store}/restore")
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> askRestore(HttpRequest<?> request, String store) {
        return known(store)
                ? HttpResponse.ok(page("confirm.jte", request, Map.of("store", store, "rows", List.of(row(store)))))
                : unknown(request);
    }

    private HttpResponse<?> ofStore(String view, HttpRequest<?> request, String store, Map<String, Object> more) {
        if (!known(store)) {
            return unknown(request);
        }
        Map<String, Object> model = new HashMap<>(more);
        model.put("row", row(store));
        model.put("history", desk.journal().of(new StoreId(store)));
        return HttpResponse.ok(page(view, request, model));
    }

    private HttpResponse<?> unknown(HttpRequest<?> request) {
        return HttpResponse.notFound(page(
                "message.jte",
                request,
                Map.of(
                        "title", "No such store",
                        "text", "There is no store of that name. The stores are listed under Positions.",
                        "back", "/positions")));
    }

    private boolean known(String store) {
        return StoreId.isName(store) && desk.positions().stores().contains(new StoreId(store));
    }

    private StoreRow row(String store) {
        StoreId id = new StoreId(store);
        return StoreRow.of(desk.health(id), desk.syncs().state(id));
    }

    static ModelAndView<Map<String, Object>> page(String view, HttpRequest<?> request, Map<String, Object> model) {
        Map<String, Object> complete = new HashMap<>(model);
        complete.put("admin", request.getAttribute("tidemark.role", Role.class).orElse(Role.VIEWER) == Role.ADMIN);
        return new ModelAndView<>(view.replace(".jte", ""), complete);
    }
}
