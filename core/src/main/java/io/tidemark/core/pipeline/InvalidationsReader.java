package io.tidemark.core.pipeline;

import io.tidemark.core.change.Operation;
import io.tidemark.core.pipeline.InvalidationRule.When;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads which tags the changes of one table make stale. */
final class InvalidationsReader {
    private final Reading reading;
    private final ColumnRules rules;

    InvalidationsReader(Reading reading, ColumnRules rules) {
        this.reading = reading;
        this.rules = rules;
    }

    List<InvalidationRule> rules(Section table) {
        List<InvalidationRule> found = new ArrayList<>();
        for (Section section : table.sections("invalidates")) {
            InvalidationRule rule = rule(section);
            if (rule != null) {
                found.add(rule);
            }
        }
        return found;
    }

    private @Nullable InvalidationRule rule(Section section) {
        section.require("tags", "the tags that a change makes stale, like [products, \"shop:{shop_id}\"]");
        List<TagTemplate> tags = tags(section.texts("tags"));
        List<Setting> columns = section.texts("columns");
        columns.forEach(column -> refuseIgnored(column, column.text()));
        When when = when(section.text("when"), columns);
        Set<Operation> on = on(section.texts("on"));
        Map<String, Set<String>> conditions = conditions(section.section("if"));
        section.refuseUnknown();
        return tags.isEmpty() || on.isEmpty() || when == null
                ? null
                : new InvalidationRule(tags, when, texts(columns), on, conditions);
    }

    private List<TagTemplate> tags(List<Setting> settings) {
        List<TagTemplate> tags = new ArrayList<>();
        for (Setting setting : settings) {
            try {
                TagTemplate tag = TagTemplate.parse(setting.text());
                tag.columns().forEach(column -> refuseIgnored(setting, column));
                tags.add(tag);
            } catch (IllegalArgumentException wrong) {
                problem(setting, "this tag cannot be used, \"" + setting.text() + "\": " + wrong.getMessage());
            }
        }
        return tags;
    }

    private @Nullable When when(@Nullable Setting setting, List<Setting> columns) {
        if (setting == null) {
            return columns.isEmpty() ? When.ANY : When.NAMED;
        }
        if (!setting.text().equals("any") && !setting.text().equals("critical")) {
            problem(setting, "expected any or critical, found \"" + setting.text() + "\"");
            return null;
        }
        if (!columns.isEmpty()) {
            problem(setting, "says which columns count, and columns says it too; keep one of the two");
            return null;
        }
        if (setting.text().equals("critical") && rules.critical().isEmpty()) {
            problem(setting, "expected critical columns of the table, found none; name them in columns.critical");
            return null;
        }
        return setting.text().equals("any") ? When.ANY : When.CRITICAL;
    }

    private Set<Operation> on(List<Setting> settings) {
        if (settings.isEmpty()) {
            return InvalidationRule.EVERY_OPERATION;
        }
        Map<String, Set<Operation>> names = InvalidationRule.operations();
        Set<Operation> on = new HashSet<>();
        for (Setting setting : settings) {
            Set<Operation> operations = names.get(setting.text());
            if (operations == null) {
                problem(setting, "expected insert, update or delete, found \"" + setting.text() + "\"");
            } else {
                on.addAll(operations);
            }
        }
        return on;
    }

    private Map<String, Set<String>> conditions(Section section) {
        Map<String, Set<String>> conditions = new HashMap<>();
        for (String column : section.names()) {
            refuseIgnored(new Setting(column, section.placeOfName(column)), column);
            conditions.put(column, texts(section.texts(column)));
        }
        return conditions;
    }

    private void refuseIgnored(Setting setting, String column) {
        if (rules.ignored().contains(column)) {
            problem(
                    setting,
                    "column " + column + " is ignored in columns.ignored, and so makes nothing stale; leave it out here"
                            + " or there");
        }
    }

    private void problem(Setting setting, String words) {
        reading.problems().add(setting.place(), words);
    }

    private static Set<String> texts(List<Setting> settings) {
        return settings.stream().map(Setting::text).collect(Collectors.toSet());
    }
}
