package io.tidemark.ingest;

import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.ingest.stream.ConfigurationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the stream running: one session after another, with a pause that grows while they fail. Its one thread owns the
 * session. {@link #close} stops it in order.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(28);

    private final SessionRunner session;
    private final StreamProgress progress;
    private final StateBoard board;
    private final FailureText failures;
    private final Clock clock;
    private final Consumer<String> onMisconfigured;
    private final Thread thread;
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    private volatile boolean stopping;
    private @Nullable Instant failingSince;
    private long publishedBefore;

    /** Runs one session; it ends by an exception. */
    interface SessionRunner {
        void run() throws InterruptedException, ExecutionException;
    }

    /** @param onMisconfigured is told what is wrong when it cannot start at all as things are set up */
    Supervisor(
            SessionRunner session,
            StreamProgress progress,
            StateBoard board,
            FailureText failures,
            Clock clock,
            Consumer<String> onMisconfigured) {
        this.session = session;
        this.progress = progress;
        this.board = board;
        this.failures = failures;
        this.clock = clock;
        this.onMisconfigured = onMisconfigured;
        this.thread = new Thread(this::run, "stream-supervisor");
    }

    /** Starts it. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(STOP_TIMEOUT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                session.run();
            } catch (InterruptedException interrupted) {
                LOG.debug("asked to stop");
            } catch (ConfigurationException | InvalidPipelineException misconfigured) {
                refuse("" + misconfigured.getMessage());
            } catch (Exception | LinkageError failed) {
                ended(failed);
            }
            pause();
        }
        board.show(new IngestState.Stopped());
    }

    private void refuse(String problems) {
        if (!board.hasRun()) {
            stopping = true;
            onMisconfigured.accept(problems);
        } else {
            board.show(new IngestState.Failing(problems, failingSince()));
        }
    }

    private void ended(Throwable failed) {
        if (stopping) {
            return;
        }
        Throwable cause =
                failed instanceof ExecutionException && failed.getCause() != null ? failed.getCause() : failed;
        if (progress.changesPublished() > publishedBefore) {
            publishedBefore = progress.changesPublished();
            failingSince = null;
            backoff.reset();
        }
        if (cause instanceof SessionEndedException changed) {
            LOG.warn("the stream is started again: {}", changed.getMessage());
            return;
        }
        progress.restarted();
        if (failures.isRefused(cause) && !board.hasRun()) {
            refuse(failures.text(cause));
        } else if (failures.isOutside(cause)) {
            board.show(new IngestState.Waiting(failures.text(cause)));
            LOG.debug("the stream ended", cause);
        } else {
            LOG.error("the stream failed and is started again", cause);
            board.show(new IngestState.Failing(failures.text(cause), failingSince()));
        }
    }

    private Instant failingSince() {
        if (failingSince == null) {
            failingSince = clock.instant();
        }
        return failingSince;
    }

    private void pause() {
        if (stopping) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(backoff.next().toMillis());
        } catch (InterruptedException interrupted) {
            LOG.debug("asked to stop");
        }
    }

    /** Pauses that double up to a longest one. One thread uses it. */
    static final class Backoff {
        private final Duration first;
        private final Duration longest;
        private Duration next;

        Backoff(Duration first, Duration longest) {
            this.first = first;
            this.longest = longest;
            this.next = first;
        }

        Duration next() {
            Duration now = next;
            Duration doubled = now.multipliedBy(2);
            next = doubled.compareTo(longest) > 0 ? longest : doubled;
            return now;
        }

        void reset() {
            next = first;
        }
    }
}
