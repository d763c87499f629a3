package io.tidemark.positions.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.recovery.LossReport;
import io.tidemark.positions.recovery.RecoveryReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The positions of all stores: how they stand, and bringing them back. */
@Controller("/api/admin")
@Tag(name = "positions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AdminController {
    private final PositionDesk desk;

    AdminController(PositionDesk desk) {
        this.desk = desk;
    }

    @Get(uri = "/sync-position-status", produces = MediaType.APPLICATION_JSON)
    @Operation(summary = "How every store's position stands: badges, counts, health, recommendations, and any loss.")
    String status() {
        LossReport loss = desk.positions().detectCacheLoss();
        ObjectNode json = desk.status();
        ObjectNode lost = json.putObject("cache_loss");
        lost.put("detected", loss.isLoss());
        lost.put("redis_emptied", loss.newIncarnation());
        put(lost.putArray("missing"), loss.missing());
        put(lost.putArray("reset"), loss.reset());
        loss.unreachable().ifPresent(why -> lost.put("redis_unreachable", why));
        return json.toString();
    }

    @Post(uri = "/restore-sync-positions", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(
            summary =
                    "Brings the farthest known position of every store, or of those named in stores, back into Redis.")
    String restore(@Body @Nullable String body) {
        ObjectNode asked = Input.object(body);
        RecoveryReport report = asked.has("stores")
                ? desk.positions().restore(named(asked))
                : desk.positions().restoreAllSyncPositions();
        return Answers.recovery(report).toString();
    }

    @Post(uri = "/auto-recover-sync-positions", produces = MediaType.APPLICATION_JSON, consumes = MediaType.ALL)
    @Operation(summary = "Looks for lost positions and brings back those that are; changes nothing when none is.")
    String autoRecover() {
        return Answers.recovery(desk.positions().autoRecover()).toString();
    }

    private List<StoreId> named(ObjectNode asked) {
        List<StoreId> stores = new ArrayList<>();
        if (!asked.get("stores").isArray() || asked.get("stores").isEmpty()) {
            throw BadInputException.in(
                    "stores", "expected a list of stores", "send {\"stores\": [\"NATUR\"]}, or no body for all");
        }
        asked.get("stores")
                .forEach(name ->
                        stores.add(Input.store(name.asText(), desk.positions().stores())));
        return stores;
    }

    private static void put(ArrayNode array, List<StoreId> stores) {
        stores.forEach(store -> array.add(store.name()));
    }
}
