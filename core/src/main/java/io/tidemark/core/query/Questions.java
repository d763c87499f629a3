package io.tidemark.core.query;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.QueryReader.Question;
import io.tidemark.core.postgres.TableShape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the question that a cache asks of the database. */
public final class Questions {
    /** Stands behind a column's name for the names of the members of its JSON object. */
    public static final String KEY = ".key";

    /** The same for their values. */
    public static final String VALUE = ".value";

    private Questions() {}

    /**
     * The question.
     *
     * @param shapes the tables as they are; needs the one whose rows the cache is made of, if it is
     */
    public static Question of(QueryCache cache, Map<TableId, TableShape> shapes) {
        List<String> key = cache.key().columns();
        if (cache.from() instanceof QueryCache.Query query) {
            String document = cache.index() == null
                    ? "q.*"
                    : "q." + TableId.quote(cache.index().score());
            return question(cache, query.sql().render(name -> ":" + name), key, document);
        }
        QueryCache.Rows rows = (QueryCache.Rows) cache.from();
        TableShape shape = shapes.get(rows.table());
        if (shape == null) {
            throw new IllegalArgumentException("expected the table " + rows.table() + ", found none");
        }
        return question(cache, rowsOf(cache, rows, shape), key, "q.document");
    }

    private static Question question(QueryCache cache, String sql, List<String> key, String document) {
        return new Question(
                sql,
                key,
                document,
                cache.many(),
                cache.limit().rows(),
                cache.limit().bytes());
    }

    /** One row for each key that a row of the table has. */
    private static String rowsOf(QueryCache cache, QueryCache.Rows rows, TableShape shape) {
        String fields = shape.columns().stream()
                .map(Column::name)
                .filter(rows.fields()::includes)
                .map(name -> "t." + TableId.quote(name))
                .collect(Collectors.joining(", "));
        Map<String, String> objects = new LinkedHashMap<>();
        Set<String> columns = new LinkedHashSet<>();
        for (String name : cache.key().columns()) {
            String object = objectOf(name);
            if (object.equals(name)) {
                columns.add("t." + TableId.quote(name) + " as " + TableId.quote(name));
            } else {
                String alias = objects.computeIfAbsent(object, o -> "m" + objects.size());
                columns.add(alias + (name.endsWith(KEY) ? ".name" : ".text") + " as " + TableId.quote(name));
            }
        }
        String document = cache.index() == null
                ? "(select pg_catalog.to_jsonb(d.*) from (select " + fields + ") d)"
                : "t." + TableId.quote(cache.index().score());
        StringBuilder sql =
                new StringBuilder("select " + String.join(", ", columns) + ", " + document + " as document" + " from "
                        + (shape.partitioned() ? "" : "only ") + shape.table().quoted() + " t");
        objects.forEach((object, alias) -> {
            String json = "cast(t." + TableId.quote(object) + " as jsonb)";
            sql.append(" cross join lateral (select e.key as name, case when pg_catalog.jsonb_typeof(e.value) in"
                    + " ('object', 'array') then null else e.value #>> '{}' end as text from pg_catalog.jsonb_each(case"
                    + " pg_catalog.jsonb_typeof(" + json + ") when 'object' then " + json + " else '{}' end) e) "
                    + alias);
        });
        return sql.toString();
    }

    /** The column whose object's members a key column stands for; the column itself otherwise. */
    public static String objectOf(String keyColumn) {
        for (String end : List.of(KEY, VALUE)) {
            if (keyColumn.endsWith(end) && keyColumn.length() > end.length()) {
                return keyColumn.substring(0, keyColumn.length() - end.length());
            }
        }
        return keyColumn;
    }
}
