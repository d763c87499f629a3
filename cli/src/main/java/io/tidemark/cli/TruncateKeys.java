package io.tidemark.cli;

import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.core.postgres.TableShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Transformations of Connect's own that give the record of a TRUNCATE a key, which Debezium gives it none and a compacted topic
 * wants one: every key is put into a field, which is then flattened and its columns renamed to what they were. What is left of
 * no key at all is the field. For one thread.
 */
final class TruncateKeys {
    private static final String TRANSFORMS = "org.apache.kafka.connect.transforms.";
    private static final String DELIMITER = ".";

    private final TreeSet<String> topics = new TreeSet<>();
    private final TreeSet<String> columns = new TreeSet<>();
    private final List<TableId> without = new ArrayList<>();

    private TruncateKeys() {}

    /** Those of the tables whose keys are known. */
    static TruncateKeys of(Topics topics, Collection<TableId> tables, Collection<TableShape> shapes) {
        TruncateKeys keys = new TruncateKeys();
        keys.without.addAll(tables);
        for (TableShape shape : shapes) {
            if (!shape.primaryKey().isEmpty() && shape.primaryKey().stream().allMatch(TruncateKeys::canBeRenamed)) {
                keys.topics.add(topics.of(shape.table()));
                keys.columns.addAll(shape.primaryKey());
                keys.without.remove(shape.table());
            }
        }
        return keys;
    }

    /** The tables of which a TRUNCATE still ends the connector's task. */
    List<TableId> without() {
        return List.copyOf(without);
    }

    /** Adds them behind the transformations that are there. */
    void put(SortedMap<String, String> config) {
        if (topics.isEmpty()) {
            return;
        }
        config.merge("predicates", "isOfKnownKey", (before, more) -> before + "," + more);
        config.put("predicates.isOfKnownKey.type", TRANSFORMS + "predicates.TopicNameMatches");
        config.put(
                "predicates.isOfKnownKey.pattern",
                topics.stream().map(Pattern::quote).collect(Collectors.joining("|")));
        add(config, "keyInField", "HoistField$Key", "field", ChangeHeaders.TRUNCATE);
        add(config, "keyFlat", "Flatten$Key", "delimiter", DELIMITER);
        String renames = columns.stream()
                .map(column -> ChangeHeaders.TRUNCATE + DELIMITER + column + ":" + column)
                .collect(Collectors.joining(","));
        add(config, "keyAsBefore", "ReplaceField$Key", "renames", renames);
    }

    private static void add(SortedMap<String, String> config, String name, String type, String setting, String value) {
        config.merge("transforms", name, (before, more) -> before + "," + more);
        config.put("transforms." + name + ".type", TRANSFORMS + type);
        config.put("transforms." + name + "." + setting, value);
        config.put("transforms." + name + ".predicate", "isOfKnownKey");
    }

    /** Connect's lists know no way to write a comma, a colon or a space at an end. */
    private static boolean canBeRenamed(String column) {
        return column.equals(column.strip()) && !column.contains(",") && !column.contains(":");
    }
}
