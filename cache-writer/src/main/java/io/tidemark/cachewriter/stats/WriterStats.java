package io.tidemark.cachewriter.stats;

import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was done since the start, and how fresh it was. Thread-safe. */
public final class WriterStats {
    private final InstantSource clock;
    private final Map<TableId, Map<WriteResult, LongAdder>> applied = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> evicted = new ConcurrentHashMap<>();
    private final LongAdder records = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final LongAdder rowsReadAgain = new LongAdder();
    private final LongAdder redisFailures = new LongAdder();
    private final LongAdder rewinds = new LongAdder();
    private final LongAdder resyncs = new LongAdder();
    private final LongAdder tagsBumped = new LongAdder();
    private final LongAdder tagsGuessed = new LongAdder();
    private final LongAdder entriesSwept = new LongAdder();
    private final LongAdder invalidationsForwarded = new LongAdder();
    private final LongAdder entriesRepaired = new LongAdder();
    private final LongAdder repairsRefused = new LongAdder();
    private final FreshnessWindow freshness = new FreshnessWindow();
    private volatile long recordingAtMicros;
    private volatile Watcher watcher = Watcher.NONE;

    /** Is told what cannot be looked up later; called on the threads that count, so it must be quick. */
    public interface Watcher {
        /** Watches nothing. */
        Watcher NONE = new Watcher() {
            @Override
            public void counts(TableId table) {}

            @Override
            public void answered(long micros) {}
        };

        /** Changes of this table are counted from now on. */
        void counts(TableId table);

        /** An entry's write was answered so many microseconds after its oldest change was committed, 0 and up. */
        void answered(long micros);
    }

    public WriterStats(InstantSource clock) {
        this.clock = clock;
    }

    /** Lets one watch from now on, instead of the one before; it is told of the tables counted so far. */
    public void watchedBy(Watcher another) {
        watcher = another;
        applied.keySet().forEach(another::counts);
    }

    /** Takes the time for the results that follow: they were answered together. */
    public void beginRecording() {
        recordingAtMicros = nowMicros();
    }

    /**
     * Some changes of one entry were answered together.
     *
     * @param table whose row the entry shows
     * @param oldestCommitMicros when the oldest of them was committed, 0 when unknown
     * @param operation what the newest of them did; a row read by a snapshot says nothing of freshness
     */
    public void applied(TableId table, WriteResult result, int changes, long oldestCommitMicros, Operation operation) {
        adder(table, result).add(changes);
        if (operation != Operation.READ && oldestCommitMicros > 0 && result != WriteResult.OLDER) {
            long now = recordingAtMicros;
            freshness.record(now, now - oldestCommitMicros, changes);
            watcher.answered(Math.max(0, now - oldestCommitMicros));
        }
    }

    /** A change took an entry of a cache away. */
    public void evicted(String cache) {
        evicted.computeIfAbsent(cache, c -> new LongAdder()).increment();
    }

    /** How many entries of a cache changes took away. */
    public long evictedOf(String cache) {
        LongAdder count = evicted.get(cache);
        return count == null ? 0 : count.sum();
    }

    public void batch(int batchRecords) {
        batches.increment();
        records.add(batchRecords);
    }

    public void deadLetter() {
        deadLetters.increment();
    }

    public void rowsReadAgain(int rows) {
        rowsReadAgain.add(rows);
    }

    public void redisFailed() {
        redisFailures.increment();
    }

    /** Redis was emptied or went back, and the topics are read from their beginning. */
    public void rewound() {
        rewinds.increment();
    }

    /** A whole table was read again since its shape changed. */
    public void resynced() {
        resyncs.increment();
    }

    /**
     * Tags were made stale.
     *
     * @param possible for how many templates every tag was, since it was not known which ones a row had
     */
    public void bumped(int tags, int possible) {
        tagsBumped.add(tags);
        tagsGuessed.add(possible);
    }

    /** Entries that were stale by a tag were removed. */
    public void swept(long entries) {
        entriesSwept.add(entries);
    }

    /** Records of the invalidation stream are on Kafka. */
    public void invalidationsForwarded(int forwarded) {
        invalidationsForwarded.add(forwarded);
    }

    public long invalidationsForwarded() {
        return invalidationsForwarded.sum();
    }

    /**
     * Entries were repaired, as the reconciler asked.
     *
     * @param refused how many it named that no cache here can have
     */
    public void repaired(long entries, long refused) {
        entriesRepaired.add(entries);
        repairsRefused.add(refused);
    }

    public long entriesRepaired() {
        return entriesRepaired.sum();
    }

    /** Entries that were to be repaired and that no cache here can have. */
    public long repairsRefused() {
        return repairsRefused.sum();
    }

    public long tagsBumped() {
        return tagsBumped.sum();
    }

    /** How often every tag of a template was made stale, because what a row was before is not known. */
    public long tagsGuessed() {
        return tagsGuessed.sum();
    }

    public long entriesSwept() {
        return entriesSwept.sum();
    }

    /** How many changes had this result. */
    public long count(WriteResult result) {
        long sum = 0;
        for (TableId table : applied.keySet()) {
            sum += count(table, result);
        }
        return sum;
    }

    /** How many changes of a table had this result. */
    public long count(TableId table, WriteResult result) {
        return adder(table, result).sum();
    }

    /** How many changes had their effect brought to Redis, or found it there. */
    public long applied() {
        long sum = 0;
        for (WriteResult result : WriteResult.values()) {
            sum += result.isSettled() ? count(result) : 0;
        }
        return sum;
    }

    public long records() {
        return records.sum();
    }

    public long batches() {
        return batches.sum();
    }

    public long deadLetters() {
        return deadLetters.sum();
    }

    public long rowsReadAgain() {
        return rowsReadAgain.sum();
    }

    public long redisFailures() {
        return redisFailures.sum();
    }

    public long rewinds() {
        return rewinds.sum();
    }

    public long resyncs() {
        return resyncs.sum();
    }

    /** Freshness over the last seconds. */
    public FreshnessWindow.Freshness freshness() {
        return freshness.look(nowMicros());
    }

    private LongAdder adder(TableId table, WriteResult result) {
        Map<WriteResult, LongAdder> ofTable = applied.get(table);
        if (ofTable == null) {
            ofTable = counted(table);
        }
        LongAdder adder = ofTable.get(result);
        if (adder == null) {
            throw new IllegalStateException("BUG: no count for " + result);
        }
        return adder;
    }

    private Map<WriteResult, LongAdder> counted(TableId table) {
        Map<WriteResult, LongAdder> fresh = new EnumMap<>(WriteResult.class);
        for (WriteResult result : WriteResult.values()) {
            fresh.put(result, new LongAdder());
        }
        Map<WriteResult, LongAdder> before = applied.putIfAbsent(table, fresh);
        if (before != null) {
            return before;
        }
        watcher.counts(table);
        return fresh;
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
