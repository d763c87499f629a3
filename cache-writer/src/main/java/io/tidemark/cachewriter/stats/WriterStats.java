package io.tidemark.cachewriter.stats;

import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.core.change.Operation;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was done since the start, and how fresh it was. Thread-safe. */
public final class WriterStats {
    private final InstantSource clock;
    private final Map<WriteResult, LongAdder> applied = new EnumMap<>(WriteResult.class);
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
    private final FreshnessWindow freshness = new FreshnessWindow();
    private volatile long recordingAtMicros;

    public WriterStats(InstantSource clock) {
        this.clock = clock;
        for (WriteResult result : WriteResult.values()) {
            applied.put(result, new LongAdder());
        }
    }

    /** Takes the time for the results that follow: they were answered together. */
    public void beginRecording() {
        recordingAtMicros = nowMicros();
    }

    /**
     * Some changes of one entry were answered together.
     *
     * @param oldestCommitMicros when the oldest of them was committed, 0 when unknown
     * @param operation what the newest of them did; a row read by a snapshot says nothing of freshness
     */
    public void applied(WriteResult result, int changes, long oldestCommitMicros, Operation operation) {
        adder(result).add(changes);
        if (operation != Operation.READ && oldestCommitMicros > 0 && result != WriteResult.OLDER) {
            long now = recordingAtMicros;
            freshness.record(now, now - oldestCommitMicros, changes);
        }
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
        return adder(result).sum();
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

    private LongAdder adder(WriteResult result) {
        LongAdder adder = applied.get(result);
        if (adder == null) {
            throw new IllegalStateException("BUG: no count for " + result);
        }
        return adder;
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
