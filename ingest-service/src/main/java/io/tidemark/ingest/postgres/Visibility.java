package io.tidemark.ingest.postgres;

import java.util.HashSet;
import java.util.Set;

/**
 * What {@code pg_current_snapshot()} says of transactions: which ones every new statement sees. Immutable.
 *
 * <p>A change carries the lower 32 bits of its transaction's id; it is compared with the snapshot's as a distance, which
 * is right for transactions less than two billion apart.
 */
public final class Visibility {
    private final int xmin;
    private final int xmax;
    private final Set<Integer> running;

    private Visibility(int xmin, int xmax, Set<Integer> running) {
        this.xmin = xmin;
        this.xmax = xmax;
        this.running = running;
    }

    /**
     * Reads {@code xmin:xmax:xip,xip}.
     *
     * @throws IllegalArgumentException when it is no snapshot
     */
    public static Visibility parse(String snapshot) {
        String[] parts = snapshot.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("expected a snapshot like 10:20:10,14,15, found " + snapshot);
        }
        Set<Integer> running = new HashSet<>();
        for (String id : parts[2].split(",")) {
            if (!id.isEmpty()) {
                running.add((int) Long.parseUnsignedLong(id));
            }
        }
        return new Visibility((int) Long.parseUnsignedLong(parts[0]), (int) Long.parseUnsignedLong(parts[1]), running);
    }

    /** Whether the transaction, which has committed, is seen. */
    public boolean shows(int transactionId) {
        if (transactionId - xmin < 0) {
            return true;
        }
        return transactionId - xmax < 0 && !running.contains(transactionId);
    }
}
