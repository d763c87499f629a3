package io.tidemark.positions.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.positions.position.Badge;
import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.Rewind;
import io.tidemark.positions.position.StoreHealth;
import io.tidemark.positions.position.SyncState;
import io.tidemark.positions.recovery.JournalEntry;
import io.tidemark.positions.recovery.RecoveryReport;
import io.tidemark.positions.recovery.StoreRecovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the admin HTTP answers, as JSON. Pure. */
final class Answers {
    private static final JsonMapper JSON = new JsonMapper();

    private Answers() {}

    static String error(String error, String field, String remedy) {
        ObjectNode json = JSON.createObjectNode();
        json.put("error", error);
        if (!field.isEmpty()) {
            json.put("field", field);
        }
        json.put("remedy", remedy);
        return json.toString();
    }

    static ObjectNode health(Health health) {
        ObjectNode json = JSON.createObjectNode();
        json.put("health_percent", health.percent());
        json.put("alert", health.alert());
        json.put("alert_below_percent", Health.ALERT_BELOW);
        json.put("stores", health.stores().size());
        json.put("stores_healthy", health.healthy());
        json.put("stores_needing_attention", health.needingAttention());
        ObjectNode counts = json.putObject("counts");
        for (Badge badge : Badge.values()) {
            counts.put(lower(badge.name()), health.count(badge));
        }
        ArrayNode recommendations = json.putArray("recommendations");
        health.recommendations().forEach(recommendations::add);
        return json;
    }

    static ObjectNode store(StoreHealth store, SyncState sync, Instant now) {
        ObjectNode json = position(store, now);
        ObjectNode state = json.putObject("sync");
        state.put("phase", lower(sync.phase().name()));
        sync.lastSync().ifPresent(at -> state.put("last_sync", at.toString()));
        sync.lastError().ifPresent(error -> state.put("last_error", error));
        sync.callsLeftThisHour().ifPresent(left -> state.put("calls_left_this_hour", left));
        sync.callsLeftToday().ifPresent(left -> state.put("calls_left_today", left));
        return json;
    }

    static ObjectNode position(StoreHealth store, Instant now) {
        ObjectNode json = JSON.createObjectNode();
        json.put("store", store.store().name());
        json.put("badge", lower(store.badge().name()));
        json.put("reason", store.reason());
        json.set("position", position(store.inRedis()));
        json.set("farthest_known", position(store.farthest()));
        store.inRedis()
                .ifPresent(position -> json.put(
                        "age_seconds",
                        Math.max(0, Duration.between(position.asOf(), now).toSeconds())));
        return json;
    }

    static ObjectNode recovery(RecoveryReport report) {
        ObjectNode json = JSON.createObjectNode();
        json.put("success", report.success());
        json.put("why", report.why());
        json.put("at", report.at().toString());
        json.put("duration_ms", report.took().toMillis());
        ObjectNode counts = json.putObject("counts");
        counts.put("stores", report.stores().size());
        for (StoreRecovery.Outcome outcome : StoreRecovery.Outcome.values()) {
            counts.put(lower(outcome.name()), report.count(outcome));
        }
        ObjectNode from = json.putObject("restored_from");
        report.restoredFrom().forEach((layer, count) -> from.put(lower(layer.name()), count));
        json.put("health_percent_before", report.before().percent());
        json.put("health_percent_after", report.after().percent());
        ArrayNode stores = json.putArray("stores");
        for (StoreRecovery store : report.stores()) {
            ObjectNode one = stores.addObject();
            one.put("store", store.store().name());
            one.put("outcome", lower(store.outcome().name()));
            one.set("before", position(store.before()));
            one.set("after", position(store.after()));
            one.put("detail", store.detail());
        }
        ArrayNode problems = json.putArray("problems");
        report.problems().forEach(problems::add);
        ArrayNode recommendations = json.putArray("recommendations");
        report.after().recommendations().forEach(recommendations::add);
        return json;
    }

    static ObjectNode rewind(Rewind rewind, boolean done) {
        ObjectNode json = JSON.createObjectNode();
        json.put("store", rewind.from().store().name());
        json.put("done", done);
        json.set("before", position(Optional.of(rewind.from())));
        json.set("after", position(Optional.of(rewind.to())));
        json.put("pages_read_again", rewind.pagesAgain());
        json.put("orders_taken_again_at_most", rewind.ordersAgain());
        return json;
    }

    static ArrayNode history(List<JournalEntry> entries) {
        ArrayNode json = JSON.createArrayNode();
        for (JournalEntry entry : entries) {
            ObjectNode one = json.addObject();
            one.put("at", entry.at().toString());
            one.put("kind", lower(entry.kind().name()));
            one.put("page", entry.page());
            one.put("last_id", entry.lastId());
            one.put("text", entry.text());
        }
        return json;
    }

    static JsonNode position(Optional<Position> position) {
        if (position.isEmpty()) {
            return JSON.nullNode();
        }
        Position told = position.get();
        ObjectNode json = JSON.createObjectNode();
        json.put("page", told.page());
        json.put("first_id", told.firstId());
        json.put("last_id", told.lastId());
        json.put("generation", told.generation());
        json.put("source", lower(told.layer().name()));
        json.put("as_of", told.asOf().toString());
        json.put("certainty", lower(told.certainty().name()));
        json.put("has_cursor", told.cursor().isPresent());
        json.put("can_undo_rewind", told.rewoundFrom().isPresent());
        return json;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
