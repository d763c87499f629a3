package io.tidemark.reconciler.verify;

/**
 * How many rows to take at once, so that a chunk stays near a size in memory whatever the size of a row. Not thread-safe.
 */
final class ChunkSize {
    private final int most;
    private final long aimedBytes;
    private int rows;

    /**
     * @param first how many rows to begin with
     * @param most how many rows at most
     * @param aimedBytes how large a chunk is to be, about
     */
    ChunkSize(int first, int most, long aimedBytes) {
        this.rows = first;
        this.most = most;
        this.aimedBytes = aimedBytes;
    }

    int rows() {
        return rows;
    }

    /** Takes in how large a chunk was. */
    void took(int count, long bytes) {
        if (count > 0) {
            long fitting = aimedBytes / Math.max(1, bytes / count);
            // Upwards in steps, as the rows to come may be larger; downwards at once.
            rows = (int) Math.max(1, Math.min(Math.min(most, rows * 2L), fitting));
        }
    }
}
