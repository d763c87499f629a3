create table category (
    id int primary key,
    name text not null
);

-- change_no is what the tests count by; note is large enough to be stored apart and not to be sent when it is unchanged.
create table product (
    id int primary key,
    change_no bigint not null,
    name text not null,
    price numeric(12, 2) not null,
    stock int not null,
    category_id int not null references category,
    weight real,
    tags text[] not null default '{}',
    attributes jsonb not null default '{}',
    note text,
    changed_at timestamptz not null default now(),
    view_count bigint not null default 0
);
alter table product alter column note set storage external;

create type bill_state as enum ('open', 'paid', 'void');

create table bill (
    id bigint primary key,
    customer text not null,
    state bill_state not null,
    total numeric not null,
    at timestamp not null default now()
);

create table bill_line (
    bill_id bigint not null references bill on delete cascade,
    line_no int not null,
    product_id int not null,
    quantity numeric(8, 3) not null,
    primary key (bill_id, line_no)
);

create table cart_item (
    id bigint primary key,
    product_id int not null,
    added tstzrange not null default tstzrange(now(), null)
);

create table marker (
    id int primary key,
    n bigint not null
);

insert into category select n, 'category ' || n from generate_series(1, 20) n;
insert into marker values (1, 0);
