package io.tidemark.positions.position;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Moves a checkpoint on by the orders that came after it: what the orders' own topic says from the offsets the checkpoint
 * reflects. Orders may come again or out of order; only an id above the last one counts. Not thread-safe: one owner.
 */
public final class Replay {
    private final Checkpoint from;
    private final PageEstimate pages;
    private final Map<Integer, Long> read;
    private final TreeSet<Long> newer = new TreeSet<>();

    public Replay(Checkpoint from, PageEstimate pages) {
        this.from = from;
        this.pages = pages;
        this.read = new HashMap<>(from.reflects());
    }

    /** Takes one order of this store into account, which stands at that offset. */
    public void order(int partition, long offset, long orderId) {
        long next = read.getOrDefault(partition, 0L);
        if (offset < next) {
            return;
        }
        read.put(partition, offset + 1);
        if (orderId > from.position().lastId()) {
            newer.add(orderId);
        }
    }

    /** Where the store stands now: the checkpoint itself when nothing newer came. */
    public Checkpoint result() {
        if (newer.isEmpty()) {
            return new Checkpoint(from.position(), read);
        }
        Position old = from.position();
        long page = pages.pageAfter(old.page(), newer.size());
        long firstId = page == old.page() && !old.isStart() ? old.firstId() : newer.first();
        Position moved = old.movedTo(page, old.cursor(), firstId, newer.last(), old.asOf(), Certainty.REPLAYED);
        return new Checkpoint(moved, read);
    }
}
