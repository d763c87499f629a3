package io.tidemark.reconciler;

import io.tidemark.core.pipeline.CatalogCheck;
import io.tidemark.core.pipeline.CatalogCheck.Findings;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.PipelineProblem;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.ShapeChangedException;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.query.QueryCheck;
import io.tidemark.reconciler.redis.RedissonEntries;
import io.tidemark.reconciler.verify.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the service up while its pages are served already: waits for PostgreSQL and for the tables, then for Redis. What
 * it waits for can be asked by any thread. Tables that cannot be used end the program.
 */
final class Startup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int WRONG_USAGE = 2;

    private final PipelineFile file;
    private final SourceDatabase database;
    private final boolean waitForTables;
    private final IntConsumer exit;
    private final Thread thread = new Thread(this::run, "startup");
    private volatile @Nullable String waitingFor = "the start";
    private volatile @Nullable RedissonEntries entries;

    /**
     * @param waitForTables whether tables that are missing or have no primary key yet are waited for
     * @param exit ends the program with an exit code
     */
    Startup(PipelineFile file, SourceDatabase database, boolean waitForTables, IntConsumer exit) {
        this.file = file;
        this.database = database;
        this.waitForTables = waitForTables;
        this.exit = exit;
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    /** What is not there yet; empty when all is. */
    Optional<String> waitingFor() {
        return Optional.ofNullable(waitingFor);
    }

    /** @throws IllegalStateException before it is connected, with what is waited for */
    RedissonEntries entries() {
        RedissonEntries connected = entries;
        if (connected == null) {
            throw new IllegalStateException("not ready: waiting for " + waitingFor);
        }
        return connected;
    }

    private void run() {
        try {
            while (!isPostgresReady() || !isRedisReady()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
            waitingFor = null;
            LOG.info(
                    "ready to compare {}",
                    Subject.all(file.pipeline()).stream().map(Subject::name).toList());
        } catch (InvalidPipelineException wrong) {
            System.err.println(wrong.getMessage());
            exit.accept(WRONG_USAGE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            wait("a start that failed unexpectedly, see the log: " + bug);
            LOG.error("BUG: the start failed", bug);
        }
    }

    private boolean isPostgresReady() {
        try (Connection connection = database.connect()) {
            Findings findings = CatalogCheck.check(
                    file, new Catalog(connection).shapes(file.pipeline().followedTables()), List.of());
            findings.throwIfWrong(waitForTables);
            if (findings.unready().isEmpty()) {
                refuseQueries(connection);
                return true;
            }
            wait("tables: "
                    + findings.unready().values().stream()
                            .map(PipelineProblem::text)
                            .collect(Collectors.joining("; ")));
        } catch (SQLException | ShapeChangedException failed) {
            wait(away(
                    "PostgreSQL at "
                            + file.pipeline().source().requireDatabase().place(),
                    "source.url",
                    failed));
        }
        return false;
    }

    private void refuseQueries(Connection connection) throws SQLException {
        List<PipelineProblem> problems = QueryCheck.check(
                file, connection, new Catalog(connection).shapes(file.pipeline().followedTables()));
        if (!problems.isEmpty()) {
            throw new InvalidPipelineException(problems);
        }
    }

    private boolean isRedisReady() {
        try {
            entries = RedissonEntries.connect(file.pipeline().redis().requireServer());
            return true;
        } catch (RuntimeException failed) {
            wait(away("Redis at " + file.pipeline().redis().requireServer().address(), "redis.url", failed));
            return false;
        }
    }

    /** With the first line of the innermost cause: the ones around it only name classes. */
    private static String away(String server, String setting, Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason given");
        return server + " (" + why + "): check that it runs, that " + setting
                + " names it and that it lets this service in";
    }

    /** Says it once for each change of what is waited for. */
    private void wait(String what) {
        if (!what.equals(waitingFor)) {
            waitingFor = what;
            LOG.warn("waiting for {}", what);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        RedissonEntries connected = entries;
        if (connected != null) {
            connected.close();
        }
    }
}
