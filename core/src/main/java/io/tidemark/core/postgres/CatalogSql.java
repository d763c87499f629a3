package io.tidemark.core.postgres;

import java.util.List;

/** The statements of {@link Catalog}: PostgreSQL manual, chapter "System Catalogs". */
final class CatalogSql {

    /** The arrays of {@link #SHAPES}, one element for each column of the table, in the table's order. */
    static final List<String> COLUMN_PROPERTIES = List.of(
            "column_names",
            "declared_types",
            "type_schemas",
            "type_names",
            "type_kinds",
            "type_modifiers",
            "not_nulls",
            "generateds",
            "toastables",
            "domains",
            "element_schemas",
            "element_names",
            "element_kinds");

    private static final String WANTED = """
            wanted as (
              select c.oid, n.nspname, c.relname, c.relreplident, c.relkind
                from unnest(?::text[], ?::text[]) as w(schema_name, table_name)
                join pg_catalog.pg_namespace n on n.nspname = w.schema_name
                join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.table_name
               where c.relkind in ('r', 'p')
            )""";

    private static final String PRIMARY_KEY = """
            array(select a.attname::text
                    from pg_catalog.pg_index i
                   cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
                    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                   where i.indrelid = w.oid and i.indisprimary and k.place <= i.indnkeyatts
                   order by k.place)""";

    /**
     * All that shapes a row's document: the columns, what computes them, the primary key, every type below the columns'
     * types with its labels and attributes, and the files the rows lie in, which ALTER TABLE … USING replaces without a
     * word in the change stream, as ATTACH PARTITION adds one.
     */
    private static final String FINGERPRINT = """
            md5(concat_ws(e'\\n',
              w.oid,
              (select string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod,
                                           pg_catalog.pg_get_expr(d.adbin, d.adrelid)), e'\\n' order by a.attnum)
                 from pg_catalog.pg_attribute a
                 left join pg_catalog.pg_attrdef d
                   on d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated <> ''
                where a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped),
              (select string_agg(a.attname, ',' order by k.place)
                 from pg_catalog.pg_index i
                cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
                 join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                where i.indrelid = w.oid and i.indisprimary),
              (select string_agg(f.oid || ':' || f.relfilenode, ',' order by f.oid)
                 from pg_catalog.pg_class f
                where f.oid = w.oid
                   or w.relkind = 'p' and f.oid in (select relid from pg_catalog.pg_partition_tree(w.oid))),
              (with recursive below(oid) as (
                   select a.atttypid from pg_catalog.pg_attribute a
                    where a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
                 union
                   select next.oid
                     from below
                     join pg_catalog.pg_type t on t.oid = below.oid
                    cross join lateral (
                        select t.typbasetype as oid where t.typtype = 'd'
                      union all
                        select t.typelem where t.typelem <> 0
                      union all
                        select r.rngsubtype from pg_catalog.pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
                      union all
                        select x.atttypid from pg_catalog.pg_attribute x
                         where t.typtype = 'c' and x.attrelid = t.typrelid and x.attnum > 0 and not x.attisdropped
                      ) as next)
               select string_agg(concat_ws(' ', t.oid, t.typbasetype, t.typtypmod,
                        (select string_agg(e.enumlabel, ',' order by e.enumsortorder)
                           from pg_catalog.pg_enum e where e.enumtypid = t.oid),
                        (select string_agg(concat_ws(' ', x.attnum, x.attname, x.atttypid, x.atttypmod), ','
                                           order by x.attnum)
                           from pg_catalog.pg_attribute x
                          where t.typtype = 'c' and x.attrelid = t.typrelid and x.attnum > 0
                            and not x.attisdropped)), e'\\n' order by t.oid)
                 from below join pg_catalog.pg_type t on t.oid = below.oid
                where t.typtype in ('d', 'e', 'c'))))""";

    static final String FINGERPRINTS =
            "with " + WANTED + " select w.nspname, w.relname, " + FINGERPRINT + " from wanted w";

    static final String SHAPES =
            "with " + WANTED + """
            select w.nspname as schema, w.relname as name, w.relreplident as replica_identity,
                   w.relkind = 'p' as partitioned, c.*,
            """ + PRIMARY_KEY + " as primary_key, " + FINGERPRINT + " as fingerprint" + """

              from wanted w
             cross join lateral (
               select coalesce(array_agg(a.attname::text order by a.attnum), '{}') as column_names,
                      array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) order by a.attnum) as declared_types,
                      array_agg(tn.nspname::text order by a.attnum) as type_schemas,
                      array_agg(t.typname::text order by a.attnum) as type_names,
                      array_agg(case when e.typarray = t.oid then 'a' else t.typtype::text end order by a.attnum)
                        as type_kinds,
                      array_agg(b.modifier::text order by a.attnum) as type_modifiers,
                      array_agg(a.attnotnull::text order by a.attnum) as not_nulls,
                      array_agg((a.attgenerated <> '')::text order by a.attnum) as generateds,
                      array_agg((a.attlen = -1 and a.attstorage <> 'p')::text order by a.attnum) as toastables,
                      array_agg((t.oid <> a.atttypid)::text order by a.attnum) as domains,
                      array_agg(coalesce(en.nspname, '')::text order by a.attnum) as element_schemas,
                      array_agg(coalesce(e.typname, '')::text order by a.attnum) as element_names,
                      array_agg(coalesce(e.typtype, ' ')::text order by a.attnum) as element_kinds
                 from pg_catalog.pg_attribute a
                cross join lateral (
                  with recursive base(oid, modifier) as (
                      select a.atttypid, a.atttypmod
                    union all
                      select t.typbasetype, t.typtypmod
                        from base join pg_catalog.pg_type t on t.oid = base.oid where t.typtype = 'd')
                  select base.* from base join pg_catalog.pg_type t on t.oid = base.oid where t.typtype <> 'd') b
                 join pg_catalog.pg_type t on t.oid = b.oid
                 join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
                 left join pg_catalog.pg_range r on t.oid in (r.rngtypid, r.rngmultitypid)
                 left join pg_catalog.pg_type e
                   on e.oid = case when r.rngsubtype is not null then r.rngsubtype
                                   when t.typcategory = 'A' then t.typelem end
                 left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
                where a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped) c
            """;

    static final String TABLES = """
            select n.nspname, c.relname
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
               and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
             order by 1, 2
            """;

    static final String TYPES_WITHOUT_LABELS = """
            select pg_catalog.format_type(t.oid, null), t.typtype = 'd', pg_catalog.format_type(t.typbasetype, null)
              from pg_catalog.pg_type t
             where t.typcategory = 'E'
               and not exists (select from pg_catalog.pg_enum e where e.enumtypid = t.oid)
             order by 1
            """;

    private CatalogSql() {}
}
