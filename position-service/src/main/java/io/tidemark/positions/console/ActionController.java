package io.tidemark.positions.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import io.tidemark.positions.http.PositionDesk;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.Rewind;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.recovery.RecoveryReport;
import io.tidemark.positions.recovery.StoreRecovery;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pages that change something, each after a page that asked. */
@Controller("/positions")
@Hidden
@Produces(MediaType.TEXT_HTML)
@Consumes(MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ActionController {
    private final PositionDesk desk;
    private final LiveState state;

    ActionController(PositionDesk desk, LiveState state) {
        this.desk = desk;
        this.state = state;
    }

    @Post("/restore")
    HttpResponse<?> restoreAll(HttpRequest<?> request) {
        return result(request, desk.positions().restoreAllSyncPositions());
    }

    @Post("/{store}/restore")
    HttpResponse<?> restore(HttpRequest<?> request, String store) {
        return known(store) ? result(request, desk.positions().restore(List.of(new StoreId(store)))) : unknown(request);
    }

    @Post("/{store}/{action:sync|pause|resume}")
    HttpResponse<?> act(HttpRequest<?> request, String store, String action) {
        if (!known(store)) {
            return unknown(request);
        }
        StoreId id = new StoreId(store);
        switch (action) {
            case "sync" -> desk.syncs().syncNow(id);
            case "pause" -> desk.syncs().pause(id);
            default -> desk.syncs().resume(id);
        }
        state.changed();
        return HttpResponse.seeOther(URI.create("/positions/" + store));
    }

    @Get("/{store}/rewind")
    HttpResponse<?> preview(HttpRequest<?> request, String store, @QueryValue @Nullable String page) {
        if (!known(store)) {
            return unknown(request);
        }
        try {
            Rewind rewind = desk.rewinds().preview(new StoreId(store), number(page), "admin");
            return HttpResponse.ok(ConsoleController.page("rewind.jte", request, Map.of("rewind", rewind)));
        } catch (IllegalArgumentException wrong) {
            return refused(request, store, wrong);
        }
    }

    @Post("/{store}/rewind")
    HttpResponse<?> rewind(HttpRequest<?> request, String store, @QueryValue @Nullable String page) {
        if (!known(store)) {
            return unknown(request);
        }
        try {
            desk.rewinds().rewind(new StoreId(store), number(page), "admin");
            state.changed();
            return HttpResponse.seeOther(URI.create("/positions/" + store));
        } catch (IllegalArgumentException wrong) {
            return refused(request, store, wrong);
        }
    }

    @Post("/{store}/undo-rewind")
    HttpResponse<?> undo(HttpRequest<?> request, String store) {
        if (!known(store)) {
            return unknown(request);
        }
        try {
            desk.rewinds().undo(new StoreId(store), "admin");
            state.changed();
            return HttpResponse.seeOther(URI.create("/positions/" + store));
        } catch (IllegalStateException nothing) {
            return refused(request, store, nothing);
        }
    }

    private static String inWords(Optional<Position> place) {
        return place.map(position ->
                        String.format(Locale.ROOT, "page %,d, order %,d", position.page(), position.lastId()))
                .orElse("nothing");
    }

    private HttpResponse<?> result(HttpRequest<?> request, RecoveryReport report) {
        state.changed();
        List<StoreChange> changes = new ArrayList<>();
        for (StoreRecovery store : report.stores()) {
            changes.add(new StoreChange(
                    store.store().name(), inWords(store.before()), inWords(store.after()), store.detail()));
        }
        // As on every other page.
        changes.sort(Comparator.comparing(StoreChange::store));
        return HttpResponse.ok(ConsoleController.page(
                "result.jte",
                request,
                Map.of(
                        "changes", changes,
                        "problems", report.problems(),
                        "percentBefore", report.before().percent(),
                        "percentAfter", report.after().percent(),
                        "millis", report.took().toMillis())));
    }

    private static MutableHttpResponse<?> refused(HttpRequest<?> request, String store, RuntimeException why) {
        return HttpResponse.badRequest(ConsoleController.page(
                "message.jte",
                request,
                Map.of(
                        "title",
                        "That cannot be done",
                        "text",
                        String.valueOf(why.getMessage()),
                        "back",
                        "/positions/" + store)));
    }

    private static MutableHttpResponse<?> unknown(HttpRequest<?> request) {
        return HttpResponse.notFound(ConsoleController.page(
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

    private static long number(@Nullable String page) {
        if (page == null || !page.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("expected the number of an earlier page");
        }
        return Long.parseLong(page);
    }
}
