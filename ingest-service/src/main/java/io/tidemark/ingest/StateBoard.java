package io.tidemark.ingest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows what ingest-service is doing, and logs it without repeating itself all the time. Thread-safe. */
public final class StateBoard {
    private static final Logger LOG = LoggerFactory.getLogger(StateBoard.class);
    private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

    private final Clock clock;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private volatile IngestState state = new IngestState.Waiting("starts");
    private volatile boolean hasRun;
    private Instant saidAt = Instant.EPOCH;

    public StateBoard(Clock clock) {
        this.clock = clock;
    }

    /** What it is doing now. */
    public IngestState state() {
        return state;
    }

    /** Whether the stream has run in this process. */
    public boolean hasRun() {
        return hasRun;
    }

    synchronized void show(IngestState now) {
        boolean same = now.word().equals(state.word()) && now.reason().equals(state.reason());
        state = now;
        hasRun |= now instanceof IngestState.Running;
        if (!same || saidAt.plus(SAY_AGAIN).isBefore(clock.instant())) {
            saidAt = clock.instant();
            say(now);
        }
    }

    /** Logs a risk once. */
    void warn(String risk) {
        if (warned.add(risk)) {
            LOG.warn("{}", risk);
        }
    }

    private static void say(IngestState now) {
        if (now instanceof IngestState.Failing) {
            LOG.error("{}: {}", now.word(), now.reason());
        } else if (now instanceof IngestState.Waiting) {
            LOG.warn("{}: {}", now.word(), now.reason());
        } else if (now instanceof IngestState.StandBy) {
            LOG.info("{}: {}", now.word(), now.reason());
        } else {
            LOG.info("{}", now.word());
        }
    }
}
