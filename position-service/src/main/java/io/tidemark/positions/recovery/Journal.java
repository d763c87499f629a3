package io.tidemark.positions.recovery;

import io.tidemark.positions.position.StoreId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last things that happened to each store's position, in this process. Thread-safe. */
public final class Journal {
    private static final int KEPT = 200;

    private final Map<StoreId, Deque<JournalEntry>> entries = new HashMap<>();

    /** Adds one; a move soon after a move, or a failure again, takes the earlier one's place. */
    public synchronized void add(StoreId store, JournalEntry entry) {
        Deque<JournalEntry> ofStore = entries.computeIfAbsent(store, name -> new ArrayDeque<>());
        JournalEntry last = ofStore.peekFirst();
        boolean bothMoves = last != null
                && last.kind() == JournalEntry.Kind.MOVED
                && entry.kind() == JournalEntry.Kind.MOVED
                && entry.at().getEpochSecond() / 60 == last.at().getEpochSecond() / 60;
        boolean sameFailure = last != null
                && last.kind() == JournalEntry.Kind.FAILED
                && entry.kind() == JournalEntry.Kind.FAILED
                && last.text().equals(entry.text());
        if (bothMoves || sameFailure) {
            ofStore.removeFirst();
        }
        ofStore.addFirst(entry);
        while (ofStore.size() > KEPT) {
            ofStore.removeLast();
        }
    }

    /** Those of a store, the newest first. */
    public synchronized List<JournalEntry> of(StoreId store) {
        return new ArrayList<>(entries.getOrDefault(store, new ArrayDeque<>()));
    }
}
