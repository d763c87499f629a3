package io.tidemark.ingest.debezium;

import io.debezium.embedded.Connect;
import io.debezium.embedded.async.ConvertingAsyncEngineBuilderFactory;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.ingest.stream.ChangeSink;
import io.tidemark.ingest.stream.CommitGate;
import io.tidemark.ingest.stream.StreamListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium's engine: it starts once, ends once, and says how it ended. Whoever wants it again makes another.
 * Thread-safe.
 */
public final class ChangeEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeEngine.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> polling = new CompletableFuture<>();
    private final Thread thread;

    private ChangeEngine(Properties settings, BatchHandler handler) {
        this.engine = new ConvertingAsyncEngineBuilderFactory()
                .builder(ChangeEventFormat.of(Connect.class))
                .using(settings)
                .using(new Callback())
                .using((success, message, error) -> end(message, error))
                .notifying(handler)
                .build();
        this.thread = new Thread(engine, "change-engine");
        thread.setDaemon(true);
    }

    /** Starts it. */
    public static ChangeEngine start(
            Pipeline pipeline,
            Collection<TableId> tables,
            Collection<TableShape> shapes,
            Map<String, Object> kafka,
            ChangeSink sink,
            CommitGate gate,
            StreamListener listener) {
        BatchHandler handler = new BatchHandler(new RecordPublisher(sink), sink, gate, listener);
        ChangeEngine made = new ChangeEngine(EngineSettings.of(pipeline, tables, shapes, kafka), handler);
        made.thread.start();
        return made;
    }

    /** Completes when it ends: exceptionally with the cause when it failed. */
    public CompletableFuture<@Nullable Void> ended() {
        return ended;
    }

    /** Whether it has got so far that its slot exists and records are polled. */
    public boolean isPolling() {
        return polling.isDone();
    }

    /** Stops it in order and waits until it has ended, for {@link #STOP_TIMEOUT} at most. */
    @Override
    public void close() {
        if (!ended.isDone()) {
            stop();
        }
        try {
            ended.handle((done, failure) -> done).get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.error("the engine did not stop within {}; its thread is left behind", STOP_TIMEOUT, late);
            thread.interrupt();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException handled) {
            throw new IllegalStateException("BUG: a handled failure came through", handled);
        }
    }

    private void stop() {
        try {
            engine.close();
        } catch (IllegalStateException | IOException notNow) {
            // While its tasks start, the engine cannot be stopped; it is asked again when they run.
            LOG.info("the engine cannot be stopped yet: {}", notNow.getMessage());
            polling.thenRun(() -> {
                try {
                    engine.close();
                } catch (IllegalStateException | IOException stopping) {
                    LOG.info("the engine is stopping already: {}", stopping.getMessage());
                }
            });
        }
    }

    private void end(String message, @Nullable Throwable error) {
        if (error == null) {
            ended.complete(null);
        } else {
            LOG.debug("the engine ended: {}", message);
            ended.completeExceptionally(error);
        }
    }

    private final class Callback implements DebeziumEngine.ConnectorCallback {
        @Override
        public void pollingStarted() {
            polling.complete(null);
        }
    }
}
