-- The roles of Tidemark's services in PostgreSQL, each with the least rights that do, and the publication.
--
-- Run it as a superuser in the database that is followed, and again whenever a table is added to the pipeline file:
--
--   PGOPTIONS="-c tidemark.tables=public.products,public.categories" psql -d shop -f deploy/access/postgres.sql
--
-- What it is told, each as -c name=value:
--   tidemark.tables       the tables that the pipeline file names, as schema.table with commas; those that are not there yet are
--                         left out, and said
--   tidemark.publication  the publication's name; tidemark when not set (source.publication of the pipeline file)
--   tidemark.roles        what the roles' names begin with; tidemark when not set
--   tidemark.canary       the canary table of the reconciler, if there is one (docs/reconcile.md)
--
-- It makes <roles>_ingest, <roles>_cache_writer, <roles>_reconciler and <roles>_positions without a password. Give each one by
-- \password tidemark_ingest and so on; deploy/access/postgres-roles runs this file and does that from files.
do $access$
declare
    prefix text := coalesce(nullif(current_setting('tidemark.roles', true), ''), 'tidemark');
    publication text := coalesce(nullif(current_setting('tidemark.publication', true), ''), 'tidemark');
    named text[] := (select array_agg(btrim(t)) from unnest(string_to_array(current_setting('tidemark.tables', true), ',')) t where btrim(t) <> '');
    canary text := nullif(current_setting('tidemark.canary', true), '');
    ingest text := prefix || '_ingest';
    cache_writer text := prefix || '_cache_writer';
    reconciler text := prefix || '_reconciler';
    positions text := prefix || '_positions';
    role_name text;
    table_name text;
    tables text := '';
begin
    if coalesce(cardinality(named), 0) = 0 then
        raise exception 'tidemark.tables is not set: name the tables of the pipeline file'
            using hint = 'PGOPTIONS="-c tidemark.tables=public.products" psql -d shop -f postgres.sql';
    end if;

    foreach role_name in array array[ingest, cache_writer, reconciler, positions] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I login', role_name);
        end if;
        execute format('grant connect on database %I to %I', current_database(), role_name);
    end loop;
    -- To read the WAL, and nothing else that a superuser may.
    execute format('alter role %I replication', ingest);

    -- What position-service takes in, and when the reconciler's schedules run next: tables that these two make themselves.
    create schema if not exists tidemark;
    execute format('grant usage, create on schema tidemark to %I, %I', positions, reconciler);

    foreach table_name in array named loop
        if to_regclass(table_name) is null then
            raise notice 'table % is not there yet: run this once more when it is', table_name;
            continue;
        end if;
        execute format('grant usage on schema %I to %I, %I, %I',
            (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass(table_name)),
            ingest, cache_writer, reconciler);
        execute format('grant select on %s to %I, %I, %I', to_regclass(table_name), ingest, cache_writer, reconciler);
        tables := tables || case when tables = '' then '' else ', ' end || to_regclass(table_name)::text;
    end loop;

    if canary is not null then
        execute format('grant select, insert, update on %s to %I', canary::regclass, reconciler);
    end if;

    -- Made here, so that ingest-service owns no table and may make nothing.
    if tables <> '' then
        if exists (select from pg_publication where pubname = publication) then
            execute format('alter publication %I set table %s', publication, tables);
        else
            execute format('create publication %I for table %s with (publish = ''insert, update, delete, truncate'', '
                || 'publish_via_partition_root = true)', publication, tables);
        end if;
    end if;
end
$access$;
