-- The demo shop: a chain of shops with tills.
create table shops (
    id            bigint primary key,
    name          text not null,
    city          text not null,
    currency      char(3) not null,
    opened_on     date not null,
    opening_hours jsonb not null,
    updated_at    timestamptz not null
);

create table categories (
    id         bigint primary key,
    name       text not null,
    slug       text not null unique,
    tax_rate   numeric(5, 2) not null,
    updated_at timestamptz not null,
    -- By language, as {"en": "Tea", "fr": "Rayon Tea"}.
    display_names jsonb not null default '{}'
);

create table products (
    id               bigint primary key,
    shop_id          bigint not null references shops,
    category_id      bigint not null references categories,
    name             text not null,
    barcode          text not null unique,
    stock            integer not null,
    price            numeric(12, 2) not null,
    cost             numeric(12, 2) not null,
    description      text,
    attributes       jsonb not null,
    labels           text[] not null,
    active           boolean not null,
    view_count       bigint not null,
    last_accessed_at timestamptz,
    created_at       timestamptz not null,
    updated_at       timestamptz not null
);

create table customers (
    id             bigint primary key,
    shop_id        bigint not null references shops,
    full_name      text not null,
    email          text not null,
    phone          text,
    loyalty_points integer not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null
);

create table employees (
    id         bigint primary key,
    shop_id    bigint not null references shops,
    full_name  text not null,
    role       text not null,
    hourly_pay numeric(8, 2) not null,
    hired_on   date not null,
    updated_at timestamptz not null
);

create table bills (
    id          bigint primary key,
    shop_id     bigint not null references shops,
    customer_id bigint,
    employee_id bigint not null,
    status      text not null,
    total       numeric(14, 2) not null,
    created_at  timestamptz not null
);

create table bill_lines (
    bill_id    bigint not null references bills,
    line       integer not null,
    product_id bigint not null,
    title      text not null,
    quantity   integer not null,
    unit_price numeric(12, 2) not null,
    primary key (bill_id, line)
);

-- What the shop's search knows beside its categories.
create table boxes (
    id            bigint primary key,
    slug          text not null unique,
    display_names jsonb not null,
    metadata      jsonb not null
);

create table options (
    id            bigint primary key,
    slug          text not null unique,
    display_names jsonb not null,
    metadata      jsonb not null
);

create table suppliers (
    id   bigint primary key,
    name text not null,
    slug text not null unique
);

-- The same under the names that a supplier has for them.
create table supplier_categories (
    supplier_id   bigint not null references suppliers,
    category_id   bigint not null references categories,
    slug          text not null,
    display_names jsonb not null,
    metadata      jsonb not null,
    primary key (supplier_id, category_id)
);

create table supplier_boxes (
    supplier_id   bigint not null references suppliers,
    box_id        bigint not null references boxes,
    slug          text not null,
    display_names jsonb not null,
    metadata      jsonb not null,
    primary key (supplier_id, box_id)
);

create table supplier_options (
    supplier_id   bigint not null references suppliers,
    option_id     bigint not null references options,
    slug          text not null,
    display_names jsonb not null,
    metadata      jsonb not null,
    primary key (supplier_id, option_id)
);
