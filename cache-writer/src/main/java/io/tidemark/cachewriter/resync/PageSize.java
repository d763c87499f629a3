package io.tidemark.cachewriter.resync;

/** How many rows to read at once, so that neither small nor large rows fill the memory. One thread. */
public final class PageSize {
    private static final int FIRST = 100;
    private static final int MOST = 2_000;
    private static final long BYTES = 2 << 20;

    private int rows = FIRST;
    private long bytesOfEach;

    public int rows() {
        return rows;
    }

    /** So many rows were so large. */
    public void seen(int count, long bytes) {
        if (count > 0) {
            bytesOfEach = Math.max(1, bytes / count);
            rows = (int) Math.max(1, Math.min(Math.min(MOST, 4L * rows), BYTES / bytesOfEach));
        }
    }

    /** Whether rows are so large that pages hold fewer of them for that. */
    boolean isOfLargeRows() {
        return MOST * bytesOfEach > BYTES;
    }
}
