-- The search data of the demo shop, always the same.
insert into boxes
select i, 'box-' || i, jsonb_build_object('en', 'Box ' || i, 'fr', 'Boîte ' || i, 'nl', 'Doos ' || i),
       jsonb_build_object('width_mm', 100 + i, 'height_mm', 50 + i)
  from generate_series(1, 30) i;

-- Some are not translated.
insert into options
select i, 'option-' || i,
       case when i % 3 = 0 then jsonb_build_object('en', 'Option ' || i)
            else jsonb_build_object('en', 'Option ' || i, 'de', 'Ausführung ' || i) end,
       jsonb_build_object('position', i)
  from generate_series(1, 60) i;

insert into suppliers select i, 'Supplier ' || i, 'supplier-' || i from generate_series(1, 3) i;

insert into supplier_categories
select s.id, c.id, s.slug || '-' || c.slug, jsonb_build_object('en', c.slug || ' by ' || s.name, 'fr', c.slug || ' de ' || s.name),
       jsonb_build_object('since', 2020 + s.id)
  from suppliers s cross join categories c where c.id % 3 = s.id % 3;

insert into supplier_boxes
select s.id, b.id, s.slug || '-' || b.slug, jsonb_build_object('en', 'Box ' || b.id || ' by ' || s.name), b.metadata
  from suppliers s cross join boxes b where b.id % 3 = s.id % 3;

insert into supplier_options
select s.id, o.id, s.slug || '-' || o.slug, jsonb_build_object('en', 'Option ' || o.id || ' by ' || s.name), o.metadata
  from suppliers s cross join options o where o.id % 3 = s.id % 3;
