package io.tidemark.core.document;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.TableShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings of Debezium's PostgreSQL connector that decide in which form a change carries each type. Whoever runs the
 * connector sets exactly these, or documents are not what the rows are.
 */
public final class DebeziumForm {

    /** What stands in the place of a large value that a change did not touch: the connector's default. */
    static final String UNCHANGED = "__debezium_unavailable_value";

    private static final String OVERRIDES = "snapshot.select.statement.overrides";

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("decimal.handling.mode", "string"),
            Map.entry("time.precision.mode", "microseconds"),
            Map.entry("binary.handling.mode", "hex"),
            Map.entry("hstore.handling.mode", "json"),
            Map.entry("interval.handling.mode", "string"),
            Map.entry("include.unknown.datatypes", "true"),
            Map.entry("unavailable.value.placeholder", UNCHANGED),
            // A partition's rows change under the name of the table it is a part of.
            Map.entry("publish.via.partition.root", "true"),
            // A database may have other defaults: rounded floats, or escaped bytea, on which the connector stops.
            Map.entry(
                    "driver.options",
                    "-c extra_float_digits=1 -c bytea_output=hex -c IntervalStyle=postgres -c DateStyle=ISO"));

    private DebeziumForm() {}

    /**
     * The settings by their connector names.
     *
     * @param tables the tables whose changes are wanted, as they are now
     */
    public static Map<String, String> settings(Collection<TableShape> tables) {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        List<TableShape> withDates =
                tables.stream().filter(DebeziumForm::hasDates).toList();
        if (!withDates.isEmpty()) {
            settings.put(
                    OVERRIDES,
                    withDates.stream().map(shape -> shape.table().toString()).collect(Collectors.joining(",")));
            withDates.forEach(shape -> settings.put(OVERRIDES + "." + shape.table(), snapshotSelect(shape)));
        }
        return settings;
    }

    /**
     * The connector's snapshot forgets whether a date lies before Christ, so early dates are read as one so late that
     * the row is read again.
     */
    private static String snapshotSelect(TableShape shape) {
        List<String> columns = new ArrayList<>();
        for (Column column : shape.columns()) {
            String name = TableId.quote(column.name());
            columns.add(
                    isDate(column)
                            ? "case when " + name + " < date '1583-01-01' then date '5000000-01-01' else " + name
                                    + " end as " + name
                            : name);
        }
        return "select " + String.join(", ", columns) + " from " + (shape.partitioned() ? "" : "only ")
                + shape.table().quoted();
    }

    private static boolean hasDates(TableShape shape) {
        return shape.columns().stream().anyMatch(DebeziumForm::isDate);
    }

    private static boolean isDate(Column column) {
        return column.type().isBuiltIn() && column.type().name().equals("date");
    }
}
