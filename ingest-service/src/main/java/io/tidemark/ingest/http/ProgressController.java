package io.tidemark.ingest.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.tidemark.ingest.IngestState;
import io.tidemark.ingest.StateBoard;
import io.tidemark.ingest.StreamProgress;
import io.tidemark.ingest.epoch.Lsn;
import java.util.List;

/** Answers how the stream goes. Thread-safe. */
@Controller("/api/progress")
final class ProgressController {
    private final StreamProgress progress;
    private final StateBoard board;

    ProgressController(StreamProgress progress, StateBoard board) {
        this.progress = progress;
        this.board = board;
    }

    @Get
    ProgressView progress() {
        IngestState state = board.state();
        long lsn = progress.publishedLsn();
        return new ProgressView(
                state.word(),
                state.reason().isEmpty() ? null : state.reason(),
                progress.epoch(),
                lsn == 0 ? null : Lsn.text(lsn),
                lsn,
                progress.lagBytes(),
                progress.slotHeldBytes(),
                progress.changesPublished(),
                progress.changesPerSecond(),
                progress.restarts(),
                snapshot());
    }

    private ProgressView.Snapshot snapshot() {
        List<ProgressView.Table> tables = progress.estimatedRows().entrySet().stream()
                .map(table -> table(table.getKey().toString(), progress.snapshotRows(table.getKey()), table.getValue()))
                .toList();
        long done = tables.stream().mapToLong(ProgressView.Table::rowsDone).sum();
        long estimated =
                tables.stream().mapToLong(ProgressView.Table::rowsEstimated).sum();
        String state = progress.isSnapshotDone() ? "done" : done > 0 ? "running" : "pending";
        return new ProgressView.Snapshot(state, done, estimated, tables);
    }

    /** Once the snapshot is done, what was read is what there was. */
    private ProgressView.Table table(String name, long done, long estimated) {
        return new ProgressView.Table(name, done, progress.isSnapshotDone() ? done : Math.max(done, estimated));
    }
}
