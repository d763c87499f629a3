package io.tidemark.cachewriter.resync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.postgres.RowsRead;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads entries of a cache from the database again under leases, a few portions at once in threads of its own,
 * {@code resync-rows}: while PostgreSQL reads one, Redis writes another, and whoever uses this looks for more. Used by one thread.
 */
final class Refilling implements AutoCloseable {
    private static final int AT_ONCE = 500;
    /** Waiting ones are keys alone; so many that no thread runs out of them while the next page is compared. */
    private static final int UNDER_WAY_FOR_EACH = 3;

    private final Target target;
    private final Entries entries;
    private final List<SourceSession> sessions;
    private final BlockingQueue<SourceSession> free;
    private final ExecutorService workers;
    private volatile boolean stopped;
    private final Deque<CompletableFuture<Refreshed>> underWay = new ArrayDeque<>();

    /** @param sessions one connection for each portion that is read at once; closed with this object */
    Refilling(Target target, Entries entries, List<SourceSession> sessions) {
        this.target = target;
        this.entries = entries;
        this.sessions = List.copyOf(sessions);
        this.free = new ArrayBlockingQueue<>(sessions.size(), false, sessions);
        this.workers = Executors.newFixedThreadPool(sessions.size(), task -> {
            Thread thread = new Thread(task, "resync-rows");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to read entries again by their rows' primary keys; waits for the oldest portions where many are under way. */
    void begin(List<String> keys, List<ObjectNode> primaryKeys, Progress progress) throws SQLException {
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            int to = Math.min(keys.size(), from + AT_ONCE);
            List<String> some = List.copyOf(keys.subList(from, to));
            List<ObjectNode> rows = List.copyOf(primaryKeys.subList(from, to));
            underWay.add(CompletableFuture.supplyAsync(() -> refreshed(some, rows), workers));
        }
        while (underWay.size() > UNDER_WAY_FOR_EACH * sessions.size()) {
            endOldest(progress);
        }
    }

    /** Returns when all is done that was begun. */
    void finish(Progress progress) throws SQLException {
        while (!underWay.isEmpty()) {
            endOldest(progress);
        }
    }

    private void endOldest(Progress progress) throws SQLException {
        try {
            progress.wrote(underWay.remove().join());
        } catch (CompletionException failed) {
            // Those that have begun end, also when another fails.
            stopped = true;
            awaitAll();
            underWay.clear();
            stopped = false;
            if (failed.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    private void awaitAll() {
        CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> done)
                .join();
    }

    /** Reads rows once more, now that the leases are taken: before that, nobody would void a stale fill. */
    private Refreshed refreshed(List<String> keys, List<ObjectNode> primaryKeys) {
        if (stopped) {
            throw new CancellationException("another portion failed");
        }
        SourceSession session = free.remove();
        try {
            String token = UUID.randomUUID().toString();
            entries.lease(token, keys);
            RowsRead read = session.run(connection -> target.reader().read(connection, primaryKeys));
            return Refreshed.of(
                    entries.fill(token, read.horizonLsn(), Keeping.of(target.cache()), keys, read.documents()));
        } catch (SQLException failure) {
            throw new CompletionException(failure);
        } finally {
            free.add(session);
        }
    }

    @Override
    public void close() {
        // Whoever closes because of a failure has not waited for what is under way, which needs the sessions.
        stopped = true;
        awaitAll();
        workers.shutdownNow();
        sessions.forEach(SourceSession::close);
    }
}
