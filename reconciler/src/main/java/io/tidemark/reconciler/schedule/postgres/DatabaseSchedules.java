package io.tidemark.reconciler.schedule.postgres;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.reconciler.schedule.JobRun;
import io.tidemark.reconciler.schedule.JobState;
import io.tidemark.reconciler.schedule.Schedules;
import io.tidemark.reconciler.schedule.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs in PostgreSQL, by db-scheduler: kept across restarts, each run by one instance at a time. Thread-safe; owns the
 * thread {@code schedules} and db-scheduler's.
 */
public final class DatabaseSchedules implements Schedules, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseSchedules.class);
    private static final String TASK = "tidemark-job";
    private static final String BY_HAND = "by hand";
    private static final String BY_TIME = "";
    private static final int SHOWN = 10;
    private static final int AT_ONCE = 4;
    private static final int POLLS_BETWEEN_HEARTBEATS = 5;
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final Map<String, ScheduledJob> jobs = new LinkedHashMap<>();
    private final DataSource database;
    private final ScheduleTables tables;
    private final JobHandler handler;
    private final InstantSource clock;
    private final Duration poll;
    private final String instance;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "schedules");
        one.setDaemon(true);
        return one;
    });
    private volatile boolean enabled;
    private volatile @Nullable Scheduler scheduler;
    private volatile @Nullable String problem = "the schedules are not begun yet";

    /**
     * @param database gives connections of the database that also has the tables
     * @param poll how often it is looked whether a job's time has come; a fifth of how often whoever runs one says so
     * @param instance names this reconciler
     */
    public DatabaseSchedules(
            List<ScheduledJob> jobs,
            ScheduleDatabase database,
            Work work,
            InstantSource clock,
            Duration poll,
            String instance) {
        jobs.forEach(job -> this.jobs.put(job.name(), job));
        this.database = database.pool();
        this.tables = new ScheduleTables(database.pool());
        this.handler = new JobHandler(tables, work, clock, instance);
        this.clock = clock;
        this.poll = poll;
        this.instance = instance;
    }

    /** Begins, and tries again while the database is away; returns at once. Without jobs there is nothing to begin, and no table is made. */
    public void begin() {
        if (jobs.isEmpty()) {
            problem = "the pipeline file has no schedules";
            return;
        }
        enabled = true;
        thread.execute(this::tryToBegin);
    }

    private void tryToBegin() {
        try {
            tables.migrate();
            Scheduler made = scheduler();
            for (ScheduledJob job : jobs.values()) {
                plan(made, job);
            }
            forgetOthers(made);
            made.start();
            scheduler = made;
            problem = null;
            LOG.info("schedules run: {}", jobs.keySet());
        } catch (SQLException | RuntimeException away) {
            String why = "the tables of the schedules cannot be made or used (" + firstLine(away)
                    + "); check that the database is there, and let its role make them: CREATE SCHEMA IF NOT EXISTS tidemark;"
                    + " GRANT USAGE, CREATE ON SCHEMA tidemark TO the role of source.user";
            if (!why.equals(problem)) {
                LOG.warn("no schedule runs: {}", why);
            }
            problem = why;
            thread.schedule(this::tryToBegin, 5, TimeUnit.SECONDS);
        }
    }

    private static String firstLine(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private Scheduler scheduler() {
        CustomTask<String> task = Tasks.custom(TASK, String.class)
                .onFailure((failed, operations) ->
                        operations.reschedule(failed, clock.instant().plusSeconds(10)))
                .onDeadExecution((dead, operations) -> operations.reschedule(dead, clock.instant()))
                .execute((run, context) -> {
                    ScheduledJob job = jobs.get(run.getId());
                    Instant planned = context.getExecution().getExecutionTime();
                    boolean byHand = BY_HAND.equals(run.getData());
                    Instant next = job == null ? null : handled(job, planned, byHand);
                    return (complete, operations) -> {
                        if (next == null) {
                            operations.remove();
                        } else {
                            operations.reschedule(complete, next, BY_TIME);
                        }
                    };
                });
        return Scheduler.create(database, task)
                .tableName("tidemark.scheduled_tasks")
                .schedulerName(new SchedulerName.Fixed(instance))
                .clock(clock::instant)
                .pollingInterval(poll)
                .heartbeatInterval(poll.multipliedBy(POLLS_BETWEEN_HEARTBEATS))
                .missedHeartbeatsLimit(4)
                .threads(AT_ONCE)
                .shutdownMaxWait(END_WITHIN)
                .build();
    }

    private Instant handled(ScheduledJob job, Instant planned, boolean byHand) {
        try {
            return handler.run(job, planned, byHand);
        } catch (SQLException away) {
            throw new UnavailableException("job " + job.name() + ": " + away.getMessage(), away);
        }
    }

    private void plan(Scheduler made, ScheduledJob job) throws SQLException {
        boolean changed = tables.define(job);
        Instant next = tables.now(job).timetable().next(clock.instant());
        TaskInstance<String> one = new TaskInstance<>(TASK, job.name(), BY_TIME);
        if (!made.scheduleIfNotExists(one, next) && changed) {
            LOG.info(
                    "job {} has other times now: {}",
                    job.name(),
                    job.timetable().text());
            made.reschedule(one, next);
        }
    }

    private void forgetOthers(Scheduler made) {
        for (ScheduledExecution<Object> known : made.getScheduledExecutions()) {
            TaskInstanceId id = known.getTaskInstance();
            if (id.getTaskName().equals(TASK) && !jobs.containsKey(id.getId()) && !known.isPicked()) {
                LOG.info("job {} is no longer in the pipeline file", id.getId());
                made.cancel(id);
            }
        }
    }

    @Override
    public State state() {
        Scheduler known = scheduler;
        return new State(enabled, known != null && asked(tables::stopped), problem, instance);
    }

    @Override
    public List<JobState> jobs() {
        Scheduler known = scheduler;
        List<JobState> states = new ArrayList<>();
        for (ScheduledJob job : jobs.values()) {
            if (known == null) {
                states.add(new JobState(job, null, List.of()));
                continue;
            }
            Instant next = known.getScheduledExecution(new TaskInstance<>(TASK, job.name()))
                    .map(ScheduledExecution::getExecutionTime)
                    .orElse(null);
            states.add(new JobState(asked(() -> tables.now(job)), next, asked(() -> tables.runs(job.name(), SHOWN))));
        }
        return states;
    }

    @Override
    public synchronized void start() {
        if (!enabled) {
            begin();
            return;
        }
        running();
        asked(() -> {
            tables.stop(false, clock.instant());
            return true;
        });
    }

    @Override
    public void stop() {
        running();
        asked(() -> {
            tables.stop(true, clock.instant());
            return true;
        });
    }

    @Override
    public void triggerNow(List<String> names) {
        Scheduler known = running();
        for (String name : names) {
            TaskInstance<String> one = new TaskInstance<>(TASK, name, BY_HAND);
            boolean planned = known.getScheduledExecution(one)
                    .map(execution -> execution.isPicked())
                    .orElse(true);
            // While it runs nothing has to be done: it is being done.
            if (!planned) {
                known.reschedule(one, clock.instant(), BY_HAND);
            }
        }
        known.triggerCheckForDueExecutions();
    }

    @Override
    public Instant every(String name, Duration interval) {
        Scheduler known = running();
        asked(() -> {
            tables.every(name, interval);
            return true;
        });
        Instant next = clock.instant().plus(interval);
        known.getScheduledExecution(new TaskInstance<>(TASK, name))
                .filter(execution -> !execution.isPicked())
                .ifPresent(execution -> known.reschedule(execution.getTaskInstance(), next));
        return next;
    }

    @Override
    public List<JobRun> history(String job, int most) {
        running();
        return asked(() -> tables.runs(job, most));
    }

    private Scheduler running() {
        Scheduler known = scheduler;
        if (known == null) {
            throw new UnavailableException(String.valueOf(problem), null);
        }
        return known;
    }

    private interface Asked<T> {
        T ask() throws SQLException;
    }

    private static <T> T asked(Asked<T> question) {
        try {
            return question.ask();
        } catch (SQLException away) {
            throw new UnavailableException("the database of the schedules is away: " + away.getMessage(), away);
        }
    }

    /** Ends; a job that runs is interrupted, and runs again at the next start or in another reconciler. */
    @Override
    public void close() {
        thread.shutdownNow();
        Scheduler known = scheduler;
        if (known != null) {
            known.stop();
        }
    }
}
