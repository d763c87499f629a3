package io.tidemark.cachewriter;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.redis.Library;
import io.tidemark.cachewriter.table.Resync;
import io.tidemark.cachewriter.table.ShapeWatch;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.CatalogCheck;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.PipelineProblem;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.query.QueryCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the gate once the database, Redis and Kafka are there and fit the pipeline file, and then looks after the shapes
 * of the tables and the life of Redis. Owns two threads, {@code tables} and {@code redis-life}.
 *
 * <p>What is away is waited for, and said; what is wrong ends the service, with nothing half started.
 */
public final class Start implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Start.class);
    private static final int WRONG_CONFIGURATION = 2;
    private static final int FAILED = 1;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final PipelineFile file;
    private final boolean waitForTables;
    private final Gate gate;
    private final ShapeWatch shapes;
    private final Resync resync;
    private final Library library;
    private final LifeWatch life;
    private final Step kafka;
    private final CompletableFuture<Integer> exitCode;
    private final ScheduledExecutorService tablesThread =
            Executors.newSingleThreadScheduledExecutor(task -> thread(task, "tables"));
    private final ScheduledExecutorService lifeThread =
            Executors.newSingleThreadScheduledExecutor(task -> thread(task, "redis-life"));

    /** Something that has to be done before changes can be applied, tried again as long as it throws. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    /**
     * @param kafka makes the topics this service writes to
     * @param exitCode completed when the service has to end
     */
    Start(
            PipelineFile file,
            boolean waitForTables,
            Gate gate,
            ShapeWatch shapes,
            Resync resync,
            Library library,
            LifeWatch life,
            Step kafka,
            CompletableFuture<Integer> exitCode) {
        this.file = file;
        this.waitForTables = waitForTables;
        this.gate = gate;
        this.shapes = shapes;
        this.resync = resync;
        this.library = library;
        this.life = life;
        this.kafka = kafka;
        this.exitCode = exitCode;
    }

    /** Begins; returns at once. */
    public void begin() {
        tablesThread.execute(this::open);
    }

    private void open() {
        try {
            String database = file.pipeline().source().requireDatabase().place();
            String redis = file.pipeline().redis().requireServer().address();
            untilDone("PostgreSQL at " + database, "source.url", this::tables);
            untilDone("Redis at " + redis, "redis.url", () -> {
                library.ensure();
                life.look();
                shapes.compareWithMemory();
            });
            untilDone("Kafka at " + file.pipeline().kafka().requireBootstrap(), "kafka.bootstrap", kafka);
        } catch (InvalidPipelineException wrong) {
            LOG.error("{}", wrong.getMessage());
            exitCode.complete(WRONG_CONFIGURATION);
            return;
        } catch (Library.NewerLibraryException newer) {
            LOG.error("{}", newer.getMessage());
            exitCode.complete(FAILED);
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        gate.open();
        LOG.info("ready: changes are applied");
        tablesThread.scheduleWithFixedDelay(() -> quietly(this::lookAfterTables), 2, 2, TimeUnit.SECONDS);
        lifeThread.scheduleWithFixedDelay(() -> quietly(this::lookAtRedis), 1, 1, TimeUnit.SECONDS);
    }

    private void lookAtRedis() {
        life.look();
        library.lookAgain();
    }

    private void lookAfterTables() {
        boolean wasAsked = resync.waiting() > 0;
        shapes.look();
        // One round later, so that other writers of the group have noticed too and write by the new shape.
        if (wasAsked) {
            resync.work();
        }
    }

    private void tables() throws Exception {
        Map<TableId, TableShape> found = shapes.begin();
        CatalogCheck.Findings findings = CatalogCheck.check(file, found, List.of());
        findings.throwIfWrong(waitForTables);
        if (!findings.unready().isEmpty()) {
            throw new TablesMissing(findings.unready().values().stream()
                    .map(PipelineProblem::text)
                    .collect(Collectors.joining("; ")));
        }
        List<PipelineProblem> problems = shapes.ask(connection -> QueryCheck.check(file, connection, found));
        if (!problems.isEmpty()) {
            throw new InvalidPipelineException(problems);
        }
    }

    private void untilDone(String what, String setting, Step step) throws InterruptedException {
        String said = "";
        gate.waitFor("waiting for " + what);
        for (long pause = 250; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                step.run();
                return;
            } catch (InvalidPipelineException | Library.NewerLibraryException wrong) {
                throw wrong;
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception away) {
                String reason = away instanceof TablesMissing
                        ? "waiting for tables: " + away.getMessage()
                        : "waiting for " + what + " (" + rootOf(away) + "): check that it runs, that " + setting
                                + " names it and that it lets this service in";
                gate.waitFor(reason);
                if (!reason.equals(said)) {
                    LOG.warn("{}", reason);
                    said = reason;
                }
            }
            Thread.sleep(pause);
        }
    }

    /** The first line of the innermost cause: the ones around it only name classes. */
    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Optional.ofNullable(root.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .orElse(root.getClass().getSimpleName());
    }

    private static void quietly(Runnable look) {
        try {
            look.run();
        } catch (EntriesException redisAway) {
            LOG.debug("Redis could not be asked: {}", redisAway.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: a look at the surroundings failed; it is tried again", unforeseen);
        }
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        tablesThread.shutdownNow();
        lifeThread.shutdownNow();
    }

    private static final class TablesMissing extends Exception {
        private static final long serialVersionUID = 1L;

        TablesMissing(String message) {
            super(message);
        }
    }
}
