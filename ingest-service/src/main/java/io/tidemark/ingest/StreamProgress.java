package io.tidemark.ingest;

import io.tidemark.core.change.TableId;
import io.tidemark.ingest.stream.StreamListener;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How the stream goes: counts, the published LSN, the snapshot. Thread-safe. */
public final class StreamProgress implements StreamListener {
    private static final String READ = "r";

    private final LongSupplier nanoTime;
    private final Map<TableId, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();
    private final Map<TableId, LongAdder> snapshotRows = new ConcurrentHashMap<>();
    private final Map<TableId, Long> estimates = new ConcurrentSkipListMap<>();
    private final AtomicLong publishedLsn = new AtomicLong();
    private final LongAdder restarts = new LongAdder();
    private final Rate rate;
    private volatile int epoch;
    private volatile boolean snapshotDone;
    private volatile long aliveAt;
    private volatile long batchSince;
    private volatile long slotHeldBytes;
    private volatile long walLsn;

    /** @param nanoTime as {@link System#nanoTime()} */
    public StreamProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.rate = new Rate(nanoTime);
        this.aliveAt = nanoTime.getAsLong();
    }

    /** A stream begins: of this epoch, with this many rows in each table if it snapshots them. */
    void begin(int newEpoch, boolean snapshotIsDone, Map<TableId, Long> estimatedRows) {
        epoch = newEpoch;
        snapshotDone = snapshotIsDone;
        estimates.clear();
        estimates.putAll(estimatedRows);
        snapshotRows.clear();
        publishedLsn.set(0);
        aliveAt = nanoTime.getAsLong();
        batchSince = 0;
    }

    /** A stream has ended, and was not asked to. */
    void restarted() {
        restarts.increment();
    }

    void measuredWal(long endLsn) {
        walLsn = endLsn;
    }

    void measuredSlot(long heldBytes) {
        slotHeldBytes = heldBytes;
    }

    @Override
    public void alive() {
        aliveAt = nanoTime.getAsLong();
    }

    @Override
    public void batchBegins() {
        batchSince = nanoTime.getAsLong() | 1;
    }

    @Override
    public void batchPublished(long lsn) {
        batchSince = 0;
        alive();
        publishedLsn.accumulateAndGet(lsn, (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
    }

    @Override
    public void published(TableId table, String operation, int count) {
        counts.computeIfAbsent(table, t -> new ConcurrentHashMap<>())
                .computeIfAbsent(operation, o -> new LongAdder())
                .add(count);
        if (READ.equals(operation)) {
            snapshotRows.computeIfAbsent(table, t -> new LongAdder()).add(count);
        }
        rate.add(count);
    }

    @Override
    public void snapshotDone() {
        snapshotDone = true;
    }

    /** Which epoch runs; 0 before the first. */
    public int epoch() {
        return epoch;
    }

    /** Every commit up to this LSN is published; 0 when that is not known yet. */
    public long publishedLsn() {
        return publishedLsn.get();
    }

    /** Whether the first snapshot of the epoch is published whole. */
    public boolean isSnapshotDone() {
        return snapshotDone;
    }

    /** How much of the WAL is written and not published, in bytes; 0 when that is not known. */
    public long lagBytes() {
        long published = publishedLsn.get();
        return published == 0 ? 0 : Math.max(0, walLsn - published);
    }

    /** How much WAL the slot holds back, in bytes. */
    public long slotHeldBytes() {
        return slotHeldBytes;
    }

    public long restarts() {
        return restarts.sum();
    }

    /** Changes published a second, over the last seconds. */
    public double changesPerSecond() {
        return rate.perSecond();
    }

    /** How many changes were published since the process began. */
    public long changesPublished() {
        return counts.values().stream()
                .flatMap(operations -> operations.values().stream())
                .mapToLong(LongAdder::sum)
                .sum();
    }

    /** Changes published since the process began, by table and the envelope's operation. */
    public Map<TableId, Map<String, LongAdder>> counts() {
        return counts;
    }

    /** Rows of each table that a snapshot is expected to read; an estimate. */
    public Map<TableId, Long> estimatedRows() {
        return new TreeMap<>(estimates);
    }

    /** Rows of the table that this epoch's snapshot has published. */
    public long snapshotRows(TableId table) {
        LongAdder rows = snapshotRows.get(table);
        return rows == null ? 0 : rows.sum();
    }

    /** For how long nothing has come from Debezium, not even its heartbeat. */
    public Duration silence() {
        return Duration.ofNanos(nanoTime.getAsLong() - aliveAt);
    }

    /** For how long the batch in hand has been in hand; zero when there is none. */
    public Duration batchInHand() {
        long since = batchSince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - since);
    }
}
