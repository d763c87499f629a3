package io.tidemark.positions.kafka;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.Replay;
import io.tidemark.positions.position.StoreId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The orders that came after each store's checkpoint, as the orders' topic says, and how far it was read. Pure.
 * Thread-safe.
 */
final class NewerOrders {
    /** Orders remembered of one store; beyond, only the highest counts on, which puts the page lower, never higher. */
    private static final int MOST_OF_A_STORE = 20_000;

    private final PageEstimate pages;
    private final Map<StoreId, TreeSet<Long>> newer = new HashMap<>();
    private final Map<Integer, Long> next = new HashMap<>();

    NewerOrders(PageEstimate pages) {
        this.pages = pages;
    }

    /** One order as it stands in the topic; one that the store's checkpoint holds already is forgotten. */
    synchronized void order(StoreId store, long orderId, long checkpointed) {
        if (orderId <= checkpointed) {
            return;
        }
        TreeSet<Long> ids = newer.computeIfAbsent(store, name -> new TreeSet<>());
        ids.add(orderId);
        if (ids.size() > MOST_OF_A_STORE) {
            ids.pollFirst();
        }
    }

    synchronized void readUpTo(int partition, long nextOffset) {
        next.put(partition, nextOffset);
    }

    /** Forgets what the checkpoint holds now. */
    synchronized void checkpointed(StoreId store, long lastId) {
        TreeSet<Long> ids = newer.get(store);
        if (ids != null) {
            ids.headSet(lastId, true).clear();
            if (ids.isEmpty()) {
                newer.remove(store);
            }
        }
    }

    /** Whether every order read so far is in its store's checkpoint. */
    synchronized boolean nothingNewer() {
        return newer.isEmpty();
    }

    /** Next offset to read, by partition. */
    synchronized Map<Integer, Long> readUpTo() {
        return Map.copyOf(next);
    }

    /** The checkpoint moved on by what came after it. */
    synchronized Checkpoint replayed(Checkpoint checkpoint) {
        Replay replay = new Replay(checkpoint.position(), pages);
        newer.getOrDefault(checkpoint.position().store(), new TreeSet<>()).forEach(replay::order);
        return new Checkpoint(replay.result(), checkpoint.reflects()).reflectingAlso(next);
    }
}
