package io.tidemark.cachewriter.dependents;

import io.github.bucket4j.Bucket;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.core.pipeline.RefreshSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * The database as caches that are read from it may work it: so many statements a second, so many at the same time.
 * Thread-safe.
 */
public final class DatabaseLoad implements AutoCloseable {
    private final RefreshSettings settings;
    private final Bucket statements;
    private final BlockingQueue<SourceSession> sessions = new LinkedBlockingQueue<>();

    /** @param session makes connections, as many as may be used at the same time */
    public DatabaseLoad(RefreshSettings settings, Supplier<SourceSession> session) {
        this.settings = settings;
        int perSecond = settings.queriesPerSecond();
        this.statements = Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
        for (int i = 0; i < settings.concurrency(); i++) {
            sessions.add(session.get());
        }
    }

    RefreshSettings settings() {
        return settings;
    }

    /**
     * Runs one statement when it may run.
     *
     * @throws InterruptedException when this thread is to end meanwhile
     */
    <T> T run(SourceSession.Work<T> statement) throws SQLException, InterruptedException {
        SourceSession session = sessions.take();
        try {
            statements.asBlocking().consume(1);
            return session.run(statement);
        } finally {
            sessions.add(session);
        }
    }

    @Override
    public void close() {
        sessions.forEach(SourceSession::close);
    }
}
