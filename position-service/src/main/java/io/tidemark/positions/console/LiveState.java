package io.tidemark.positions.console;

import io.tidemark.positions.http.PositionDesk;
import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.StoreHealth;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.SyncState;
import io.tidemark.positions.recovery.HealthHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every open page shows, made at most once a second for all of them. Thread-safe. */
final class LiveState {
    private static final Duration FRESH_FOR = Duration.ofMillis(900);

    private final PositionDesk desk;
    private @Nullable Shown shown;

    LiveState(PositionDesk desk) {
        this.desk = desk;
    }

    /**
     * What is shown at one moment.
     *
     * @param at when it was looked at
     */
    record Shown(Instant at, Overview overview, List<StoreRow> rows, List<HealthHistory.Sample> samples) {
        List<StoreRow> rows(boolean onlyAttention) {
            return rows.stream()
                    .filter(row -> !onlyAttention || row.badge().needsAttention())
                    .toList();
        }
    }

    synchronized Shown now() {
        Instant now = desk.clock().instant();
        Shown last = shown;
        if (last == null || last.at().plus(FRESH_FOR).isBefore(now)) {
            last = look(now);
            shown = last;
        }
        return last;
    }

    /** Made anew at the next look: something was just changed here. */
    synchronized void changed() {
        shown = null;
    }

    private Shown look(Instant now) {
        Health health = desk.positions().health();
        List<StoreRow> rows = new ArrayList<>();
        Map<StoreId, SyncState> states = desk.syncs().states();
        for (StoreHealth store : health.stores()) {
            rows.add(StoreRow.of(store, states.getOrDefault(store.store(), SyncState.unknown())));
        }
        return new Shown(
                now,
                Overview.of(health, desk.positions().lastRecovery()),
                rows,
                desk.watch().history().samples());
    }
}
