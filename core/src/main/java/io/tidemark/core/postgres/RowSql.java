package io.tidemark.core.postgres;

import io.tidemark.core.change.TableId;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of {@link RowReader} for one table. Each reads rows and then, as a second statement, the horizon.
 *
 * <p>Keys come as JSON and are given the columns' own types by PostgreSQL, so that any type can be a key and its index
 * is used.
 *
 * @param byKeys parameter 1: an array of keys; gives each found row's place in it, from 1, and its document
 * @param firstPage parameter 1: the limit; gives key and document
 * @param nextPage parameters 1 and 2: the key to go on after, and the limit; gives key and document
 * @param firstKeys as firstPage, without documents
 * @param nextKeys as nextPage, without documents
 * @param between parameters 1 to 3: the first key, the last, and the limit; gives key and document
 * @param keysBetween as between, without documents
 */
record RowSql(
        String byKeys,
        String firstPage,
        String nextPage,
        String firstKeys,
        String nextKeys,
        String between,
        String keysBetween) {

    private static final String DOCUMENT = ", pg_catalog.to_jsonb(d.*)::text";

    static RowSql of(TableShape shape, Predicate<String> inDocument) {
        List<Column> key = shape.keyColumns();
        String documentColumns = shape.columns().stream()
                .map(Column::name)
                .filter(inDocument)
                .map(name -> "t." + TableId.quote(name))
                .collect(Collectors.joining(", "));
        // An inheritance child's rows change under the child's name, so they are not this table's.
        String from = (shape.partitioned() ? "" : "only ") + shape.table().quoted();
        String document = " cross join lateral (select " + documentColumns + ") d";
        String after = " where " + compared(key, ">", "after_key");
        String within = " where " + compared(key, ">=", "first_key") + " and " + compared(key, "<=", "last_key");
        String bounds = "with " + parsed(key, "first_key") + ", " + parsed(key, "last_key") + " ";
        return new RowSql(
                "select k.place, pg_catalog.to_jsonb(d.*)::text from rows from (pg_catalog.jsonb_to_recordset(?::jsonb) as ("
                        + definitions(key) + ")) with ordinality as k(" + numbered(key) + ", place) join "
                        + from + " t on "
                        + IntStream.range(0, key.size())
                                .mapToObj(i -> "t." + name(key.get(i)) + " = k.k" + i)
                                .collect(Collectors.joining(" and "))
                        + document + horizon(),
                page(key, from, "", document, DOCUMENT),
                "with " + parsed(key, "after_key") + " " + page(key, from, after, document, DOCUMENT),
                page(key, from, "", "", ""),
                "with " + parsed(key, "after_key") + " " + page(key, from, after, "", ""),
                bounds + page(key, from, within, document, DOCUMENT),
                bounds + page(key, from, within, "", ""));
    }

    private static String page(List<Column> key, String from, String after, String document, String andDocument) {
        String order = " order by " + list(key, column -> "t." + name(column));
        return "select pg_catalog.to_jsonb(k.*)::text" + andDocument + " from (select * from " + from + " t" + after
                + order
                + " limit ?) t cross join lateral (select " + list(key, column -> "t." + name(column)) + ") k"
                + document
                + order + horizon();
    }

    private static String compared(List<Column> key, String operator, String with) {
        return "(" + list(key, column -> "t." + name(column)) + ") " + operator + " ("
                + list(key, column -> "(select o." + name(column) + " from " + with + " o)") + ")";
    }

    private static String parsed(List<Column> key, String name) {
        return name + " as materialized (select * from pg_catalog.jsonb_to_record(?::jsonb) as (" + definitions(key)
                + "))";
    }

    private static String horizon() {
        return "; " + WalPosition.CURRENT;
    }

    private static String definitions(List<Column> key) {
        return list(key, column -> name(column) + " " + column.declaredType());
    }

    /** Aliases that no column's name can be in the way of. */
    private static String numbered(List<Column> key) {
        return IntStream.range(0, key.size()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
    }

    private static String name(Column column) {
        return TableId.quote(column.name());
    }

    private static String list(List<Column> columns, Function<Column, String> each) {
        return columns.stream().map(each).collect(Collectors.joining(", "));
    }
}
