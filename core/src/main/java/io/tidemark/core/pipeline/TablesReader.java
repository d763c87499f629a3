package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what is said of tables. */
final class TablesReader {
    private final Reading reading;

    TablesReader(Reading reading) {
        this.reading = reading;
    }

    /**
     * What is said of the tables.
     *
     * @param columns by table, each that is named
     * @param invalidations by table, only those that have any
     */
    record Said(Map<TableId, ColumnRules> columns, Map<TableId, List<InvalidationRule>> invalidations) {}

    Said tables(Section section) {
        Map<TableId, ColumnRules> tables = new LinkedHashMap<>();
        Map<TableId, List<InvalidationRule>> invalidations = new LinkedHashMap<>();
        for (String name : section.names()) {
            TableId table = id(new Setting(name, section.placeOfName(name)), reading.problems());
            Section settings = section.section(name);
            ColumnRules rules = rules(settings.section("columns"));
            List<InvalidationRule> invalidates = new InvalidationsReader(reading, rules).rules(settings);
            settings.refuseUnknown();
            if (table != null && !invalidates.isEmpty()) {
                invalidations.put(table, invalidates);
            }
            if (table != null && tables.putIfAbsent(table, rules) != null) {
                reading.problems()
                        .add(
                                section.placeOfName(name),
                                "is the table " + table + ", which is named above; keep one of the two");
            }
        }
        return new Said(tables, invalidations);
    }

    private ColumnRules rules(Section columns) {
        Set<String> critical = texts(columns.texts("critical"));
        List<Setting> ignoredSettings = columns.texts("ignored");
        Set<String> ignored = texts(ignoredSettings);
        columns.refuseUnknown();
        for (Setting column : ignoredSettings) {
            if (critical.remove(column.text())) {
                reading.problems()
                        .add(
                                column.place(),
                                "column " + column.text() + " is both critical and ignored; keep one of the two");
            }
        }
        return new ColumnRules(critical, ignored);
    }

    /** Reads a table's name; null when it is none, which is then said. */
    static @Nullable TableId id(Setting setting, Problems problems) {
        try {
            if (setting.text().indexOf('"') < 0) {
                return TableId.parse(setting.text());
            }
        } catch (IllegalArgumentException emptyPart) {
            // said below
        }
        problems.add(
                setting.place(),
                "expected a table as schema.table, as the catalog spells it and without quotes, found \""
                        + setting.text() + "\"");
        return null;
    }

    private static Set<String> texts(List<Setting> settings) {
        return settings.stream().map(Setting::text).collect(Collectors.toCollection(HashSet::new));
    }
}
