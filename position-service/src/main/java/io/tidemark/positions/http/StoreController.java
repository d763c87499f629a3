package io.tidemark.positions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.positions.position.Rewind;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import org.jspecify.annotations.Nullable;

/** One store's position: its history, and what a person may do to it. */
@Controller("/api/admin/positions")
@Tag(name = "positions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class StoreController {
    private final PositionDesk desk;

    StoreController(PositionDesk desk) {
        this.desk = desk;
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "Every store's position.")
    String all() {
        return desk.status().toString();
    }

    @Get(uri = "/{store}", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "One store's position with its history.")
    String one(String store) {
        return desk.status(known(store)).toString();
    }

    @Put(uri = "/{store}", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(
            summary = "updateSyncPosition: page, first_id and last_id (or first_reference and last_reference); 409 when"
                    + " the store is farther along.")
    String update(String store, @Body @Nullable String body) {
        StoreId known = known(store);
        ObjectNode asked = Input.object(body);
        long page = Input.page(asked.path("page"));
        long firstId = id(known, asked, "first_id", "first_reference");
        long lastId = id(known, asked, "last_id", "last_reference");
        if (firstId > lastId) {
            throw BadInputException.in(
                    "first_id", "expected a first id up to the last id " + lastId + ", found " + firstId, "swap them");
        }
        Verdict verdict = desk.positions().updateSyncPosition(known, page, firstId, lastId);
        if (verdict == Verdict.LOWER) {
            throw new BadInputException(
                    HttpStatus.CONFLICT,
                    "last_id",
                    "store " + known + " is farther along than page " + page + ", order " + lastId,
                    "to go back on purpose, rewind the store");
        }
        return desk.updated(known).toString();
    }

    @Post(uri = "/{store}/{action:sync|pause|resume}", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Syncs the store soon, holds its syncs, or lets them go on.")
    String act(String store, String action) {
        StoreId known = known(store);
        switch (action) {
            case "sync" -> desk.syncs().syncNow(known);
            case "pause" -> desk.syncs().pause(known);
            default -> desk.syncs().resume(known);
        }
        return desk.status(known).toString();
    }

    @Get(uri = "/{store}/rewind", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "What a rewind to that page would read again; changes nothing.")
    String preview(String store, @QueryValue @Nullable String page) {
        StoreId known = known(store);
        return Answers.rewind(plan(known, Input.page(TextNode.valueOf(page == null ? "" : page)), false), false)
                .toString();
    }

    @Post(uri = "/{store}/rewind", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Rewinds the store to an earlier page, in a new generation; can be undone.")
    String rewind(String store, @Body @Nullable String body) {
        StoreId known = known(store);
        return Answers.rewind(plan(known, Input.page(Input.object(body).path("page")), true), true)
                .toString();
    }

    @Post(uri = "/{store}/undo-rewind", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Takes the last rewind back, unless the store has read past it.")
    String undo(String store, HttpRequest<?> request) {
        try {
            return Answers.rewind(desk.rewinds().undo(known(store), "admin"), true)
                    .toString();
        } catch (IllegalStateException nothing) {
            throw new BadInputException(
                    HttpStatus.CONFLICT, "store", String.valueOf(nothing.getMessage()), "look at the store's history");
        }
    }

    private Rewind plan(StoreId store, long page, boolean now) {
        try {
            return now
                    ? desk.rewinds().rewind(store, page, "admin")
                    : desk.rewinds().preview(store, page, "admin");
        } catch (IllegalArgumentException notEarlier) {
            throw BadInputException.in("page", String.valueOf(notEarlier.getMessage()), "choose an earlier page");
        }
    }

    private StoreId known(String store) {
        return Input.store(store, desk.positions().stores());
    }

    private long id(StoreId store, ObjectNode asked, String byId, String byReference) {
        String field = asked.has(byId) || !asked.has(byReference) ? byId : byReference;
        return Input.orderId(field, asked.path(field), store, desk.positions().stores());
    }
}
