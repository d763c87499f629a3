package io.tidemark.reconciler.schedule.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.core.pipeline.ScheduledJob.Kind;
import io.tidemark.core.timetable.Cron;
import io.tidemark.core.timetable.CronSyntaxException;
import io.tidemark.core.timetable.Every;
import io.tidemark.core.timetable.Timetable;
import io.tidemark.reconciler.schedule.JobRun;
import io.tidemark.reconciler.schedule.JobRun.State;
import io.tidemark.reconciler.schedule.JobState;
import io.tidemark.reconciler.schedule.Work;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedules in a real database, by clocks that the test moves. */
class SchedulesIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String JOB = "nightly";

    private final String database = SharedServers.newDatabase();
    private final Counted work = new Counted();
    private final java.util.ArrayList<Instance> instances = new java.util.ArrayList<>();

    @AfterEach
    void stop() {
        work.gate.release(1_000);
        instances.forEach(Instance::close);
    }

    @Test
    void timesAreKeptOverARestartMissedOnesAreSaidAndCaughtUpOnceAndSummerTimeIsTheClocksOnTheWall() throws Exception {
        // Clocks in Paris are put forward in the night to 29 March 2026.
        MovedClock clock = new MovedClock("2026-03-28T12:00:00Z");
        Instance first = instance(clock, cron("0 3 * * *", "Europe/Paris"));
        assertThat(next(first)).isEqualTo("2026-03-29T01:00:00Z");
        clock.set("2026-03-29T01:00:05Z");
        Await.until("the job has run", SOON).holds(() -> ended(first) == 1);
        assertThat(runs(first).get(0).missed()).isZero();
        Await.until("the next time is set", SOON)
                .holds(() -> next(first).equals(Instant.parse("2026-03-30T01:00:00Z")));
        first.close();

        clock.set("2026-04-02T12:00:00Z");
        Instance second = instance(clock, cron("0 3 * * *", "Europe/Paris"));
        Await.until("what was missed is caught up", SOON).holds(() -> ended(second) == 2);
        Await.until("the next time is set", SOON)
                .holds(() -> next(second).equals(Instant.parse("2026-04-03T01:00:00Z")));

        JobRun caughtUp = runs(second).get(0);
        assertThat(caughtUp.missed()).as("30 March to 2 April").isEqualTo(4);
        assertThat(caughtUp.planned()).isEqualTo("2026-03-30T01:00:00Z");
        assertThat(work.begun.get()).isEqualTo(2);
    }

    @Test
    void twoInstancesDoEachRunOnce() throws Exception {
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        Instance one = instance(clock, new Every(Duration.ofHours(1)));
        instance(clock, new Every(Duration.ofHours(1)));
        for (int run = 1; run <= 5; run++) {
            int expected = run;
            Instant due = next(one);
            clock.set(due.plusSeconds(1).toString());
            Await.until("run " + run, SOON)
                    .holds(() -> ended(one) == expected && next(one).isAfter(clock.now()));
        }
        assertThat(work.begun.get()).isEqualTo(5);
        assertThat(work.mostAtOnce.get()).isEqualTo(1);
        assertThat(runs(one)).allMatch(run -> run.state() == State.DONE);
    }

    @Test
    void clocksAnHourOffDoNotMakeTwoInstancesDoTheSameJobAtOnce() throws Exception {
        work.holds = true;
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        MovedClock ahead = new MovedClock("2026-05-01T01:00:00Z");
        Instance one = instance(clock, new Every(Duration.ofHours(12)));
        one.schedules.triggerNow(List.of(JOB));
        Await.until("it runs", SOON).holds(() -> work.begun.get() == 1);
        Instance other = instance(ahead, new Every(Duration.ofHours(12)));
        // By its clock the heartbeat is an hour old: it takes the job over, and finds that it is being done.
        // Then it looks again ten seconds later, by its clock.
        Await.until("the other one has taken it over", SOON).holds(() -> {
            ahead.set(ahead.now().plusSeconds(1).toString());
            return work.begun.get() > 1 || next(other).isAfter(ahead.now());
        });

        assertThat(work.mostAtOnce.get()).isEqualTo(1);
        assertThat(work.begun.get()).isEqualTo(1);
        work.gate.release();
        Await.until("it is done", SOON).holds(() -> ended(one) == 1);
    }

    @Test
    void anInstanceThatIsStoppedInMidRunLeavesTheRunToTheNextOne() throws Exception {
        work.holds = true;
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        Instance one = instance(clock, new Every(Duration.ofHours(12)));
        one.schedules.triggerNow(List.of(JOB));
        Await.until("it runs", SOON).holds(() -> work.begun.get() == 1);
        one.close();
        work.holds = false;

        Instance other = instance(clock, new Every(Duration.ofHours(12)));
        Await.until("it is done again", SOON).holds(() -> ended(other) == 2);

        assertThat(runs(other)).extracting(JobRun::state).containsExactly(State.DONE, State.INTERRUPTED);
        assertThat(work.mostAtOnce.get()).isEqualTo(1);
    }

    @Test
    void anInstanceThatIsKilledInMidRunIsNoticedAndItsRunIsDoneByAnother() throws Exception {
        work.holds = true;
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        Instance killed = instance(clock, new Every(Duration.ofHours(12)));
        killed.schedules.triggerNow(List.of(JOB));
        Await.until("it runs", SOON).holds(() -> work.begun.get() == 1);
        // Its sessions end, as a killed process' do; it can write nothing any more.
        killed.database.close();
        work.holds = false;
        MovedClock later = new MovedClock("2026-05-01T00:05:00Z");
        Instance other = instance(later, new Every(Duration.ofHours(12)));

        Await.until("it is done again", SOON).holds(() -> {
            later.set(later.now().plusSeconds(1).toString());
            return ended(other) == 2;
        });
        assertThat(runs(other)).extracting(JobRun::state).containsExactly(State.DONE, State.INTERRUPTED);
    }

    @Test
    void whatPeopleSayHoldsForAllInstancesAndOverARestart() throws Exception {
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        Instance one = instance(clock, new Every(Duration.ofHours(24)));
        Instance other = instance(clock, new Every(Duration.ofHours(24)));
        one.schedules.stop();
        assertThat(other.schedules.state().running()).isFalse();
        clock.set("2026-05-02T00:00:01Z");
        Await.until("the time passes without a run", SOON).holds(() -> next(one).isAfter(clock.now()));
        assertThat(work.begun.get()).isZero();

        other.schedules.triggerNow(List.of(JOB));
        Await.until("it runs by hand all the same", SOON).holds(() -> ended(one) == 1);
        assertThat(runs(one).get(0).byHand()).isTrue();
        one.close();
        other.close();
        Instance third = instance(clock, new Every(Duration.ofHours(24)));
        assertThat(third.schedules.state().stopped()).isTrue();
        third.schedules.start();
        assertThat(third.schedules.every(JOB, Duration.ofHours(2)))
                .isEqualTo(clock.now().plus(Duration.ofHours(2)));
        third.close();

        Instance fourth = instance(clock, new Every(Duration.ofHours(24)));
        assertThat(state(fourth).job().timetable()).isEqualTo(new Every(Duration.ofHours(2)));
        clock.set(clock.now().plus(Duration.ofHours(2)).plusSeconds(1).toString());
        Await.until("it runs by the new interval", SOON).holds(() -> ended(fourth) == 2);
        fourth.close();

        // The file says something else now, so that counts.
        Instance fifth = instance(clock, new Every(Duration.ofHours(6)));
        assertThat(state(fifth).job().timetable()).isEqualTo(new Every(Duration.ofHours(6)));
    }

    @Test
    void anIntervalBelowWhatTheLastRunTookIsSaidAndFailuresAreKept() throws Exception {
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        work.during = () -> clock.set(clock.now().plusSeconds(90).toString());
        Instance one = instance(clock, new Every(Duration.ofMinutes(1)));
        one.schedules.triggerNow(List.of(JOB));
        Await.until("two runs are over", SOON).holds(() -> ended(one) >= 2);
        work.fails = true;
        Await.until("a run has failed", SOON)
                .holds(() -> runs(one).stream().anyMatch(run -> run.state() == State.FAILED));
        one.schedules.stop();

        assertThat(state(one).warning()).contains("every 1m", "90 s");
        assertThat(runs(one).stream()
                        .filter(run -> run.state() == State.FAILED)
                        .findFirst()
                        .orElseThrow()
                        .problem())
                .isEqualTo("told to fail");
    }

    @Test
    void aRoleThatMayMakeNoTablesIsToldWhatItNeeds() throws Exception {
        try (Connection connection = SharedServers.postgres().connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("create role poor_" + database + " login password 'poor'");
            statement.execute("grant connect on database " + database + " to poor_" + database);
        }
        ScheduleDatabase poor = new ScheduleDatabase(url(), "poor_" + database, "poor");
        DatabaseSchedules schedules = new DatabaseSchedules(
                List.of(job(new Every(Duration.ofHours(1)))), poor, work, Instant::now, Duration.ofMillis(50), "poor");
        schedules.begin();

        Await.until("it says what is missing", SOON)
                .holds(() -> String.valueOf(schedules.state().problem()).contains("GRANT USAGE, CREATE ON SCHEMA"));
        schedules.close();
        poor.close();
    }

    private static ScheduledJob job(Timetable timetable) {
        return new ScheduledJob(JOB, Kind.VERIFY, timetable, List.of(), false, 500, 10_000);
    }

    private static Timetable cron(String line, String zone) throws CronSyntaxException {
        return Cron.parse(line, ZoneId.of(zone));
    }

    private Instance instance(MovedClock clock, Timetable timetable) {
        Instance made = new Instance(url(), work, clock, job(timetable), "i" + instances.size());
        instances.add(made);
        Await.until("the schedules run", SOON)
                .holds(() -> made.schedules.state().problem() == null);
        return made;
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + SharedServers.postgres().port() + "/" + database;
    }

    private static JobState state(Instance instance) {
        return instance.schedules.jobs().get(0);
    }

    private static Instant next(Instance instance) {
        return state(instance).next();
    }

    private static List<JobRun> runs(Instance instance) {
        return instance.schedules.history(JOB, 100);
    }

    private static long ended(Instance instance) {
        return runs(instance).stream()
                .filter(run -> run.state() != State.RUNNING)
                .count();
    }

    /** One reconciler's schedules, with sessions of its own. */
    private static final class Instance {
        private final ScheduleDatabase database;
        private final DatabaseSchedules schedules;
        private boolean closed;

        Instance(String url, Work work, MovedClock clock, ScheduledJob job, String name) {
            database = new ScheduleDatabase(
                    url,
                    SharedServers.postgres().user(),
                    SharedServers.postgres().password());
            schedules = new DatabaseSchedules(List.of(job), database, work, clock::now, Duration.ofMillis(50), name);
            schedules.begin();
        }

        void close() {
            if (!closed) {
                closed = true;
                schedules.close();
                database.close();
            }
        }
    }

    /** A clock that stands until it is set. */
    private static final class MovedClock {
        private volatile Instant now;

        MovedClock(String now) {
            this.now = Instant.parse(now);
        }

        Instant now() {
            return now;
        }

        void set(String to) {
            now = Instant.parse(to);
        }
    }

    /** Counts, and is held up where the test says so. */
    private static final class Counted implements Work {
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final Semaphore gate = new Semaphore(0);
        private volatile boolean holds;
        private volatile boolean fails;
        private volatile Runnable during = () -> {};

        @Override
        public String run(ScheduledJob job) throws WorkFailedException, InterruptedException {
            begun.incrementAndGet();
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                if (holds) {
                    gate.acquire();
                }
                during.run();
                if (fails) {
                    throw new WorkFailedException("told to fail");
                }
                return "{\"count\": 1}";
            } finally {
                atOnce.decrementAndGet();
            }
        }
    }
}
