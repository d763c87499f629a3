package io.tidemark.ingest.debezium;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.tidemark.core.capture.ConnectorSettings;
import io.tidemark.ingest.stream.ChangeSink;
import io.tidemark.ingest.stream.CommitGate;
import io.tidemark.ingest.stream.PublishException;
import io.tidemark.ingest.stream.StreamListener;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes one batch of Debezium's records after another: waits until its transactions are visible, publishes them, waits
 * until Kafka has acknowledged every one, and only then lets the stored offset move on. So PostgreSQL is never told that
 * it may forget what Kafka does not have.
 *
 * <p>What it throws is never one of Connect's RetriableExceptions: the engine would take it for a passing trouble and go
 * on with the next batch, and this one would be lost.
 */
final class BatchHandler implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {
    private static final String COMMIT_LSN = "lsn_commit";
    private static final int BUSY_FROM = 64;
    private static final long BUSY_PAUSE_MILLIS = 15;

    private final RecordPublisher records;
    private final ChangeSink sink;
    private final CommitGate gate;
    private final StreamListener listener;
    private final Set<Integer> transactions = new HashSet<>();
    private @Nullable Map<String, ?> lastMarked;
    private boolean snapshotDone;

    BatchHandler(RecordPublisher records, ChangeSink sink, CommitGate gate, StreamListener listener) {
        this.records = records;
        this.sink = sink;
        this.gate = gate;
        this.listener = listener;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> batch, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        listener.alive();
        if (batch.isEmpty()) {
            return;
        }
        try {
            listener.batchBegins();
            publish(batch);
            RecordChangeEvent<SourceRecord> last = batch.get(batch.size() - 1);
            noteSnapshotEnd(last.record());
            listener.batchPublished(publishedLsn(last.record()));
            mark(last, committer);
            letMoreCome(batch.size());
        } catch (RuntimeException failed) {
            throw new PublishException("a batch was not published; the stream begins again before it", failed);
        }
    }

    private void publish(List<RecordChangeEvent<SourceRecord>> batch) throws InterruptedException {
        transactions.clear();
        for (RecordChangeEvent<SourceRecord> event : batch) {
            records.noteTransaction(event.record(), transactions);
        }
        if (!transactions.isEmpty()) {
            gate.await(transactions);
        }
        boolean sent = false;
        for (RecordChangeEvent<SourceRecord> event : batch) {
            sent |= records.publish(event.record());
        }
        if (sent) {
            sink.awaitAcknowledged();
        }
        records.report(listener);
    }

    /**
     * While very many changes come, what a batch costs beside its records is paid less often when it is large: a question to
     * PostgreSQL, a request to Kafka and its answer, and as much again in every consumer. Debezium's queue has room for more
     * than comes meanwhile.
     */
    private static void letMoreCome(int count) throws InterruptedException {
        if (count >= BUSY_FROM && count < ConnectorSettings.LARGEST_BATCH) {
            TimeUnit.MILLISECONDS.sleep(BUSY_PAUSE_MILLIS);
        }
    }

    private void noteSnapshotEnd(SourceRecord last) {
        if (!snapshotDone && !last.sourceOffset().containsKey("snapshot")) {
            snapshotDone = true;
            listener.snapshotDone();
        }
    }

    private static long publishedLsn(SourceRecord last) {
        return last.sourceOffset().get(COMMIT_LSN) instanceof Long lsn ? lsn : 0;
    }

    /** The connector keeps only the newest offset, so marking the last record marks them all. */
    private void mark(RecordChangeEvent<SourceRecord> last, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        if (!last.record().sourceOffset().equals(lastMarked)) {
            lastMarked = last.record().sourceOffset();
            committer.markProcessed(last);
        }
        committer.markBatchFinished();
    }
}
