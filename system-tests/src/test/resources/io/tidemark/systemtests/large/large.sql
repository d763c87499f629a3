create table document (
    id int primary key,
    revision int not null,
    body text not null
);
create table marker (
    id int primary key,
    n bigint not null
);
insert into marker values (1, 0);

-- About that many million characters, different for each id and revision, that compress badly.
create function body(id int, revision int, megabytes numeric) returns text language sql as $$
    select string_agg(md5(id || ':' || revision || ':' || n), '') from generate_series(1, (megabytes * 31250)::int) n
$$;
