package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the tables that a query's rows come from, and how rows of each name the keys. */
final class DependenciesReader {
    private static final String SETTING = "depends";

    private final Reading reading;
    private final List<String> keyColumns;
    private final Map<TableId, Place> places = new HashMap<>();

    DependenciesReader(Reading reading, List<String> keyColumns) {
        this.reading = reading;
        this.keyColumns = keyColumns;
    }

    /** @param rowsOf the table whose rows are the entries; null when a query gives them */
    List<Dependency> dependencies(Section section, @Nullable TableId rowsOf) {
        if (section.has("table")) {
            if (section.has(SETTING)) {
                section.value(SETTING);
                problem(
                        section.placeOfName(SETTING),
                        "rows of a table depend on that table alone: leave out depends, or write a query");
            }
            return rowsOf == null ? List.of() : List.of(new Dependency(rowsOf, List.of(new Way.Columns(keyColumns))));
        }
        section.require(SETTING, "the tables that the query reads, and how their rows name the keys");
        Node node = section.value(SETTING);
        if (node instanceof SequenceNode) {
            return listed(section);
        }
        Section tables = section.section(SETTING);
        List<Dependency> depends = new ArrayList<>();
        for (String name : tables.names()) {
            Setting written = new Setting(name, tables.placeOfName(name));
            TableId table = TablesReader.id(written, reading.problems());
            List<Way> ways = ways(tables, name);
            if (table == null || ways.isEmpty()) {
                continue;
            }
            if (places.putIfAbsent(table, written.place()) != null) {
                problem(written.place(), "is the table " + table + ", which is named above; keep one of the two");
            } else {
                depends.add(new Dependency(table, ways));
            }
        }
        refuseUnknownWaysAndCircles(depends);
        return depends;
    }

    /** Tables alone: every change touches the one entry. */
    private List<Dependency> listed(Section section) {
        List<Dependency> depends = new ArrayList<>();
        for (Setting name : section.texts(SETTING)) {
            TableId table = TablesReader.id(name, reading.problems());
            if (table != null) {
                depends.add(new Dependency(table, List.of(new Way.Columns(List.of()))));
            }
        }
        if (!keyColumns.isEmpty()) {
            problem(
                    section.placeOfName(SETTING),
                    "expected how the rows of each table name the keys, like "
                            + depends.stream()
                                    .findFirst()
                                    .map(one -> one.table().toString())
                                    .orElse("public.products") + ": \"{" + keyColumns.get(0)
                            + "}\"; a list of tables is enough for a cache of one key only");
        }
        return depends;
    }

    private List<Way> ways(Section tables, String table) {
        Node node = tables.value(table);
        List<Way> ways = new ArrayList<>();
        if (node instanceof SequenceNode) {
            tables.texts(table).forEach(text -> add(way(text), ways));
        } else if (node instanceof MappingNode) {
            add(via(tables.section(table)), ways);
        } else {
            Setting text = tables.text(table);
            if (text != null) {
                add(way(text), ways);
            }
        }
        return ways;
    }

    private static void add(@Nullable Way way, List<Way> ways) {
        if (way != null) {
            ways.add(way);
        }
    }

    private @Nullable Way way(Setting setting) {
        try {
            if (setting.text().strip().matches("(?is)\\(?\\s*(select|with|values|table)\\b.*")) {
                return new Way.Statement(SqlText.parse(setting.text()));
            }
            List<String> columns = Template.parse(setting.text()).columns();
            if (columns.size() == keyColumns.size()) {
                return new Way.Columns(columns);
            }
            problem(
                    setting.place(),
                    "expected a column of the row for each of the key's columns " + keyColumns + ", like \"" + like()
                            + "\", or a select that gives them, found \"" + setting.text() + "\"");
        } catch (IllegalArgumentException wrong) {
            problem(setting.place(), "this cannot be used: " + wrong.getMessage());
        }
        return null;
    }

    private String like() {
        StringBuilder like = new StringBuilder();
        keyColumns.forEach(column ->
                like.append(like.isEmpty() ? "{" : ":{").append(column).append('}'));
        return like.toString();
    }

    private @Nullable Way via(Section section) {
        section.require("via", "another table of depends, whose rows name the keys");
        section.require("where", "which of that table's rows, like category_id = :id");
        Setting via = section.text("via");
        Setting where = section.text("where");
        section.refuseUnknown();
        if (via == null || where == null) {
            return null;
        }
        TableId table = TablesReader.id(via, reading.problems());
        try {
            return table == null ? null : new Way.Via(table, SqlText.fragment(where.text()));
        } catch (IllegalArgumentException wrong) {
            problem(where.place(), "this condition cannot be used: " + wrong.getMessage());
            return null;
        }
    }

    private void refuseUnknownWaysAndCircles(List<Dependency> depends) {
        Map<TableId, List<Way>> ways = new HashMap<>();
        depends.forEach(one -> ways.put(one.table(), one.ways()));
        for (Dependency dependency : depends) {
            TableId table = dependency.table();
            Place place = places.getOrDefault(table, new Place("", 0, 0, SETTING));
            for (Way way : dependency.ways()) {
                if (way instanceof Way.Via via && !ways.containsKey(via.table())) {
                    problem(
                            place,
                            "goes by way of " + via.table()
                                    + ", which is not in depends; say there how its rows name the keys");
                }
            }
            List<TableId> circle = circle(table, ways, new LinkedHashSet<>());
            if (!circle.isEmpty() && circle.get(0).equals(table)) {
                problem(
                        place,
                        "goes round in a circle: " + String.join(" → ", texts(circle))
                                + "; end it with a select that gives the keys, with recursive if the rows are a tree");
            }
        }
    }

    /** The way back to a table, which is first and last; empty when there is none. */
    private static List<TableId> circle(TableId at, Map<TableId, List<Way>> ways, Set<TableId> path) {
        if (!path.add(at)) {
            List<TableId> round = new ArrayList<>(path);
            round = new ArrayList<>(round.subList(round.indexOf(at), round.size()));
            round.add(at);
            return round;
        }
        for (Way way : ways.getOrDefault(at, List.of())) {
            if (way instanceof Way.Via via) {
                List<TableId> found = circle(via.table(), ways, path);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        path.remove(at);
        return List.of();
    }

    private static List<String> texts(List<TableId> tables) {
        return tables.stream().map(TableId::toString).toList();
    }

    private void problem(Place place, String message) {
        reading.problems().add(place, message);
    }
}
