package io.tidemark.ingest;

import io.tidemark.core.change.TableId;
import io.tidemark.ingest.epoch.StreamState;
import io.tidemark.ingest.kafka.EpochLog;
import io.tidemark.ingest.stream.StreamListener;

/** Passes on how the stream goes, and keeps it when the first snapshot is done. The engine's one thread uses it. */
final class StreamEvents implements StreamListener {
    private final StreamProgress progress;
    private final EpochLog log;
    private StreamState state;

    StreamEvents(StreamProgress progress, StreamState state, EpochLog log) {
        this.progress = progress;
        this.state = state;
        this.log = log;
    }

    @Override
    public void alive() {
        progress.alive();
    }

    @Override
    public void batchBegins() {
        progress.batchBegins();
    }

    @Override
    public void batchPublished(long publishedLsn) {
        progress.batchPublished(publishedLsn);
    }

    @Override
    public void published(TableId table, String operation, int count) {
        progress.published(table, operation, count);
    }

    @Override
    public void snapshotDone() {
        progress.snapshotDone();
        if (!state.snapshotDone()) {
            state = state.withSnapshotDone();
            log.keep(state);
        }
    }
}
