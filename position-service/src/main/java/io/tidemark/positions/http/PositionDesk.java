package io.tidemark.positions.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.StoreHealth;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.position.SyncState;
import io.tidemark.positions.recovery.Journal;
import io.tidemark.positions.recovery.PositionWatch;
import io.tidemark.positions.recovery.Rewinds;
import io.tidemark.positions.recovery.SyncPositions;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * All that the admin HTTP and the page need. Thread-safe.
 *
 * @param positions the positions
 * @param rewinds what moves a store back
 * @param syncs the stores' syncs
 * @param watch who looks for losses
 * @param journal what happened
 * @param clock what time it is
 */
public record PositionDesk(
        SyncPositions positions, Rewinds rewinds, StoreSyncs syncs, PositionWatch watch, Journal journal, Clock clock) {

    /** How every store stands, asked now. */
    ObjectNode status() {
        Health health = positions.health();
        ObjectNode json = Answers.health(health);
        json.put("as_of", clock.instant().toString());
        ArrayNode stores = json.putArray("positions");
        Map<StoreId, SyncState> states = syncs.states();
        for (StoreHealth store : health.stores()) {
            stores.add(Answers.store(store, states.getOrDefault(store.store(), SyncState.unknown()), clock.instant()));
        }
        positions.lastRecovery().ifPresent(report -> {
            ObjectNode last = json.putObject("last_recovery");
            last.put("at", report.at().toString());
            last.put("why", report.why());
            last.put("duration_ms", report.took().toMillis());
            last.put("success", report.success());
        });
        return json;
    }

    /** How one store stands, asked now, with what happened to it. */
    ObjectNode status(StoreId store) {
        StoreHealth health = health(store);
        ObjectNode json = Answers.store(health, syncs.state(store), clock.instant());
        json.set("history", Answers.history(journal.of(store)));
        return json;
    }

    /** Where one store stands after an update, which has just asked: no layer is asked again. */
    ObjectNode updated(StoreId store) {
        return Answers.position(positions.lastSeen(store), clock.instant());
    }

    /** How one store stands, asked now. */
    public StoreHealth health(StoreId store) {
        return positions.health(List.of(store)).stores().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("BUG: the health has every store"));
    }
}
