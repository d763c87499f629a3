-- db-scheduler's own table: when each job runs next, and which instance runs it.
create table tidemark.scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on tidemark.scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on tidemark.scheduled_tasks (last_heartbeat);

-- What the pipeline file said of each job when it was last planned, and the interval that somebody gave it since.
create table tidemark.schedule_job (
    name          text primary key,
    timetable     text not null,
    every_seconds bigint check (every_seconds > 0)
);

-- One row: whether somebody has stopped the scheduler.
create table tidemark.schedule_state (
    one        boolean     primary key default true check (one),
    stopped    boolean     not null,
    changed_at timestamptz not null
);

-- What was done.
create table tidemark.schedule_run (
    id       bigint      generated always as identity primary key,
    job      text        not null,
    planned  timestamptz not null,
    began    timestamptz not null,
    ended    timestamptz,
    state    text        not null check (state in ('running', 'done', 'failed', 'interrupted')),
    by_hand  boolean     not null,
    missed   int         not null,
    instance text        not null,
    result   jsonb,
    problem  text
);
create index schedule_run_job on tidemark.schedule_run (job, id desc);
