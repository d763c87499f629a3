package io.tidemark.reconciler.schedule.postgres;

import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.core.timetable.Every;
import io.tidemark.reconciler.schedule.JobRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** The tables beside db-scheduler's own. Thread-safe. */
final class ScheduleTables {
    private static final int KEPT = 100;

    private final DataSource database;

    ScheduleTables(DataSource database) {
        this.database = database;
    }

    /** Makes what is missing; several instances may ask at once. Needs the right to create a schema, or one {@code tidemark} to create in. */
    void migrate() {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/schedule")
                .schemas("tidemark")
                .defaultSchema("tidemark")
                .table("schedule_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    /**
     * Takes in what the file says of a job; an interval that somebody gave it goes when the file says something else.
     *
     * @return whether its times are others than before
     */
    boolean define(ScheduledJob job) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        insert into tidemark.schedule_job as j (name, timetable) values (?, ?)
                        on conflict (name) do update set timetable = excluded.timetable, every_seconds = null
                         where j.timetable <> excluded.timetable""")) {
            statement.setString(1, job.name());
            statement.setString(2, job.timetable().text());
            return statement.executeUpdate() > 0;
        }
    }

    /** The job with the interval that somebody gave it. */
    ScheduledJob now(ScheduledJob job) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select every_seconds from tidemark.schedule_job where name = ? and every_seconds is not null")) {
            statement.setString(1, job.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? job.at(new Every(Duration.ofSeconds(row.getLong(1)))) : job;
            }
        }
    }

    void every(String job, Duration interval) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update tidemark.schedule_job set every_seconds = ? where name = ?")) {
            statement.setLong(1, interval.toSeconds());
            statement.setString(2, job);
            statement.executeUpdate();
        }
    }

    boolean stopped() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select stopped from tidemark.schedule_state");
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    void stop(boolean stopped, Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        insert into tidemark.schedule_state (stopped, changed_at) values (?, ?)
                        on conflict (one) do update set stopped = excluded.stopped, changed_at = excluded.changed_at""")) {
            statement.setBoolean(1, stopped);
            statement.setTimestamp(2, Timestamp.from(now));
            statement.executeUpdate();
        }
    }

    /** A run begins; its id. Forgets the oldest ones of the job. */
    long begin(JobRun run) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        with kept as (
                          delete from tidemark.schedule_run where job = ? and state <> 'running' and id not in (
                            select id from tidemark.schedule_run where job = ? order by id desc limit ?))
                        insert into tidemark.schedule_run (job, planned, began, state, by_hand, missed, instance)
                        values (?, ?, ?, 'running', ?, ?, ?) returning id""")) {
            statement.setString(1, run.job());
            statement.setString(2, run.job());
            statement.setInt(3, KEPT - 1);
            statement.setString(4, run.job());
            statement.setTimestamp(5, Timestamp.from(run.planned()));
            statement.setTimestamp(6, Timestamp.from(run.began()));
            statement.setBoolean(7, run.byHand());
            statement.setInt(8, run.missed());
            statement.setString(9, run.instance());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    void end(long id, JobRun.State state, Instant at, @Nullable String result, @Nullable String problem)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        update tidemark.schedule_run set state = ?, ended = ?, result = cast(? as jsonb), problem = ?
                         where id = ? and state = 'running'""")) {
            statement.setString(1, state.text());
            statement.setTimestamp(2, Timestamp.from(at));
            statement.setString(3, result);
            statement.setString(4, problem);
            statement.setLong(5, id);
            statement.executeUpdate();
        }
    }

    /** Nobody runs the job now, so what stands as running was interrupted. */
    int interrupted(String job, Instant at) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        update tidemark.schedule_run
                           set state = 'interrupted', ended = ?, problem = 'its reconciler ended meanwhile'
                         where job = ? and state = 'running'""")) {
            statement.setTimestamp(1, Timestamp.from(at));
            statement.setString(2, job);
            return statement.executeUpdate();
        }
    }

    List<JobRun> runs(String job, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        select job, planned, began, ended, state, by_hand, missed, instance, result::text, problem
                          from tidemark.schedule_run where job = ? order by id desc limit ?""")) {
            statement.setString(1, job);
            statement.setInt(2, most);
            List<JobRun> runs = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    runs.add(run(row));
                }
            }
            return runs;
        }
    }

    private static JobRun run(ResultSet row) throws SQLException {
        Timestamp ended = row.getTimestamp(4);
        return new JobRun(
                row.getString(1),
                row.getTimestamp(2).toInstant(),
                row.getTimestamp(3).toInstant(),
                ended == null ? null : ended.toInstant(),
                JobRun.State.valueOf(row.getString(5).toUpperCase(java.util.Locale.ROOT)),
                row.getBoolean(6),
                row.getInt(7),
                row.getString(8),
                row.getString(9),
                row.getString(10));
    }

    /**
     * The right to run a job, whatever clocks say: it ends with the session, so nobody has to give it back for a reconciler
     * that was killed. Empty while somebody else has it.
     */
    Optional<Right> right(String job) throws SQLException {
        Connection session = database.getConnection();
        try {
            if (asked(session, "select pg_try_advisory_lock(hashtext('tidemark.schedule'), hashtext(?))", job)) {
                return Optional.of(() -> giveBack(session, job));
            }
        } catch (SQLException failure) {
            session.close();
            throw failure;
        }
        session.close();
        return Optional.empty();
    }

    /** The right to run a job. */
    interface Right extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    private static void giveBack(Connection session, String job) throws SQLException {
        try (session) {
            asked(session, "select pg_advisory_unlock(hashtext('tidemark.schedule'), hashtext(?))", job);
        }
    }

    private static boolean asked(Connection session, String question, String job) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(question)) {
            statement.setString(1, job);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
