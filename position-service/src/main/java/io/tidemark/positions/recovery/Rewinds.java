package io.tidemark.positions.recovery;

import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.Rewind;
import io.tidemark.positions.position.StoreId;
import java.time.Clock;

/** Moves a store back because a person says so: shown first, done in a new generation, and undone likewise. Thread-safe. */
public final class Rewinds {
    private final SyncPositions positions;
    private final Clock clock;

    public Rewinds(SyncPositions positions, Clock clock) {
        this.positions = positions;
        this.clock = clock;
    }

    /**
     * What a rewind to that page would read again; nothing is changed.
     *
     * @throws IllegalArgumentException when the page is not an earlier one
     */
    public Rewind preview(StoreId store, long page, String by) {
        Position now = positions.getSyncPosition(store).position();
        return Rewind.toPage(
                now, page, lastIdBefore(now, page), positions.pages().perPage(), clock.instant(), by);
    }

    /**
     * Rewinds the store.
     *
     * @throws IllegalArgumentException when the page is not an earlier one
     */
    public Rewind rewind(StoreId store, long page, String by) {
        Rewind rewind = preview(store, page, by);
        positions.force(
                rewind.to(),
                JournalEntry.Kind.REWOUND,
                "rewound by " + by + " from page " + rewind.from().page() + " to page " + page);
        return rewind;
    }

    /**
     * Takes the last rewind back.
     *
     * @throws IllegalStateException when there is nothing to undo
     */
    public Rewind undo(StoreId store, String by) {
        Rewind undone = Rewind.undo(positions.getSyncPosition(store).position(), clock.instant(), by);
        positions.force(
                undone.to(),
                JournalEntry.Kind.UNDONE,
                "rewind undone by " + by + ": page " + undone.to().page());
        return undone;
    }

    /** The last order before that page as the database counts, or, without it, as the page's share of the ids. */
    private long lastIdBefore(Position now, long page) {
        long ordersBefore = Math.max(0, (page - 1) * positions.pages().perPage());
        long byShare = (long) ((double) now.lastId() * (page - 1) / now.page());
        try {
            long id = positions.layers().orders().idOfOrder(now.store(), ordersBefore);
            return id == 0 && ordersBefore > 0 ? byShare : id;
        } catch (LayerUnavailableException countedByShare) {
            return byShare;
        }
    }
}
