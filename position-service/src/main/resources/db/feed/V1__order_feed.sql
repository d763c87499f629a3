-- The orders of the outside feed, as the API last told them. Personal data: full_name, telephone.
create table tidemark.feed_orders (
    store      text        not null,
    id         bigint      not null check (id > 0),
    reference  text,
    state      text,
    full_name  text,
    telephone  text,
    wilaya     text,
    commune    text,
    items      jsonb       not null default '[]',
    total      numeric,
    created_at timestamptz,
    updated_at timestamptz,
    primary key (store, id)
);

-- How far each store was taken in: always written in the transaction that writes the orders it speaks of.
create table tidemark.feed_progress (
    store       text        primary key,
    generation  bigint      not null default 0,
    revision    integer     not null default 0,
    page        bigint      not null check (page >= 1),
    "cursor"    text,
    first_id    bigint      not null check (first_id >= 0),
    last_id     bigint      not null check (last_id >= first_id),
    taken       bigint      not null check (taken >= 0), -- orders of the feed up to last_id, as far as known: says on which place of its page it stands
    sweep_page  bigint      not null default 0,          -- the page of old orders looked at last for late edits
    reached_at  timestamptz not null
);

-- What is being done about each store, and what people want of it.
create table tidemark.feed_store (
    store       text        primary key,
    state       text        not null default 'new',
    detail      text        not null default '',
    since       timestamptz not null default clock_timestamp(),
    paused      boolean     not null default false,
    next_at     timestamptz not null default clock_timestamp(),
    synced_at   timestamptz,
    running_by  text
);

-- The calls each store may still make, in Bucket4j's own form.
create table tidemark.feed_budget (
    store text  primary key,
    state bytea
);

-- Until when the API has asked to be left alone.
create table tidemark.feed_hold (
    store      text        primary key,
    not_before timestamptz not null
);
