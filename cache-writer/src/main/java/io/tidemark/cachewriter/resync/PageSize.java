package io.tidemark.cachewriter.resync;

/** How many rows to read at once, so that neither small nor large rows fill the memory. One thread. */
public final class PageSize {
    private static final int FIRST = 100;
    private static final int MOST = 2_000;
    private static final long BYTES = 2 << 20;

    private int rows = FIRST;

    public int rows() {
        return rows;
    }

    /** So many rows were so large. */
    public void seen(int count, long bytes) {
        if (count > 0) {
            long each = Math.max(1, bytes / count);
            rows = (int) Math.max(1, Math.min(Math.min(MOST, 4L * rows), BYTES / each));
        }
    }

    /** Whether rows are so large that a page holds one of them. */
    boolean isOfOneRow() {
        return rows == 1;
    }
}
