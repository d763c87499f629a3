package io.tidemark.ingest;

import io.tidemark.core.freshness.Progress;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.ingest.debezium.ChangeEngine;
import io.tidemark.ingest.epoch.SourceFacts;
import io.tidemark.ingest.kafka.ChangePublisher;
import io.tidemark.ingest.kafka.KafkaClients;
import io.tidemark.ingest.kafka.ProgressLog;
import io.tidemark.ingest.postgres.SourceConnections;
import io.tidemark.ingest.postgres.SourceSession;
import io.tidemark.ingest.postgres.WalTicker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs beside the engine: writes ticks into the WAL, writes the progress topic, looks after the slot, the publication
 * and the tables. Whatever fails or has changed ends the session. A thread each for what asks PostgreSQL and what
 * writes to Kafka, so that neither holds the other up.
 */
final class StreamWatch implements AutoCloseable {
    private static final Duration IDLE_PROGRESS = Duration.ofSeconds(1);

    private final SourceSession source;
    private final ChangePublisher publisher;
    private final StreamProgress progress;
    private final Clock clock;
    private final ChangeEngine engine;
    private final SourceFacts began;
    private final WalTicker ticker;
    private final ProgressLog log;
    private final ScheduledThreadPoolExecutor ofPostgres = new ScheduledThreadPoolExecutor(1);
    private final ScheduledThreadPoolExecutor ofKafka = new ScheduledThreadPoolExecutor(1);
    private final CompletableFuture<@Nullable Void> failure = new CompletableFuture<>();
    private final int epoch;
    private boolean ticked;
    private long writtenLsn;
    private Instant writtenAt = Instant.EPOCH;

    StreamWatch(
            PipelineFile file,
            IngestSettings settings,
            SourceConnections connections,
            KafkaClients clients,
            ChangePublisher publisher,
            StreamProgress progress,
            Clock clock,
            ChangeEngine engine,
            SourceFacts began) {
        this.publisher = publisher;
        this.progress = progress;
        this.clock = clock;
        this.engine = engine;
        this.began = began;
        this.epoch = progress.epoch();
        this.source = SourceSession.open(connections, file, "ingest-watch");
        this.ticker = source.ticker();
        this.log = new ProgressLog(clients);
        every(ofPostgres, settings.tick(), this::tick);
        every(ofPostgres, settings.watch(), this::look);
        every(ofKafka, settings.progress(), this::writeProgress);
    }

    /** Waits until the engine ends or something has changed, and throws what it was. */
    void await() throws InterruptedException, ExecutionException {
        CompletableFuture.anyOf(engine.ended(), failure).get();
        throw new SessionEndedException("the engine ended without being asked to");
    }

    @Override
    public void close() {
        ofPostgres.shutdownNow();
        ofKafka.shutdownNow();
        log.close();
        source.close();
    }

    private void every(ScheduledThreadPoolExecutor executor, Duration period, Callable<@Nullable Void> task) {
        executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.call();
                    } catch (Exception failed) {
                        failure.completeExceptionally(failed);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private @Nullable Void tick() {
        if (engine.isPolling()) {
            long wal = ticker.tick(progress.publishedLsn(), !ticked);
            ticked = true;
            progress.measuredWal(wal);
        }
        return null;
    }

    private @Nullable Void look() {
        Optional<String> changed = source.changedSince(began, engine.isPolling());
        if (changed.isPresent()) {
            throw new SessionEndedException(changed.get());
        }
        progress.measuredSlot(source.slotHeldBytes());
        return null;
    }

    private @Nullable Void writeProgress() {
        long lsn = progress.publishedLsn();
        Instant now = clock.instant();
        boolean recent = writtenAt.plus(IDLE_PROGRESS).isAfter(now);
        if (lsn != 0 && (lsn != writtenLsn || !recent)) {
            long micros =
                    TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
            log.write(new Progress(epoch, lsn, micros, publisher.endOffsets()));
            writtenLsn = lsn;
            writtenAt = now;
        }
        return null;
    }
}
