package io.tidemark.core.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the pipeline file while it is read. A setting of the environment hides the file's. Whoever has asked
 * for all it knows calls {@link #refuseUnknown}. Not thread-safe.
 */
final class Section {
    private final Reading reading;
    private final String path;
    private final Place place;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    /**
     * @param node a mapping; null, or a node without content, for none
     */
    Section(Reading reading, String path, @Nullable Node node, Place place) {
        this.reading = reading;
        this.path = path;
        this.place = place;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::enter);
        } else if (node != null && !isNothing(node)) {
            reading.problems()
                    .add(reading.placeOf(node, path), "expected settings, indented below, found " + kindOf(node));
        }
    }

    private void enter(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            reading.problems()
                    .add(
                            reading.placeOf(tuple.getKeyNode(), path),
                            "expected a name, found " + kindOf(tuple.getKeyNode()));
            return;
        }
        NodeTuple first = entries.putIfAbsent(key.getValue(), tuple);
        if (first != null) {
            Place before = reading.placeOf(first.getKeyNode(), path);
            reading.problems()
                    .add(
                            reading.placeOf(key, child(key.getValue())),
                            "is set twice, first in line " + before.line() + "; keep one of the two");
        }
    }

    /** Where the section begins. */
    Place place() {
        return place;
    }

    /** The path of a setting in this section. */
    String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The names in the section, in the order of the file. */
    Iterable<String> names() {
        return new ArrayList<>(entries.keySet());
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Where a name stands. */
    Place placeOfName(String name) {
        NodeTuple tuple = entries.get(name);
        return tuple == null ? place : reading.placeOf(tuple.getKeyNode(), child(name));
    }

    /** The section below a name; an empty one when there is none. */
    Section section(String name) {
        known.add(name);
        return new Section(reading, child(name), value(name), placeOfName(name));
    }

    /** The sections in the list below a name; none when it is not set or is no list, which is then said. */
    List<Section> sections(String name) {
        Node node = value(name);
        if (node == null || isNothing(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            reading.problems()
                    .add(
                            reading.placeOf(node, child(name)),
                            "expected a list of settings, each begun with a dash, found "
                                    + (node instanceof SequenceNode ? "an empty one" : kindOf(node)));
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            String path = child(name) + "[" + sections.size() + "]";
            sections.add(new Section(reading, path, element, reading.placeOf(element, path)));
        }
        return sections;
    }

    /** The value below a name, whatever it is; null when there is none. */
    @Nullable
    Node value(String name) {
        known.add(name);
        NodeTuple tuple = entries.get(name);
        return tuple == null ? null : tuple.getValueNode();
    }

    /** A text; null when it is not set, or not a text, which is then said. */
    @Nullable
    Setting text(String name) {
        return scalar(name, Tag.STR, "a text");
    }

    /** A whole number in a range; the default when it is not set or wrong, which is then said. */
    int integer(String name, int from, int to, int otherwise) {
        Setting setting = scalar(name, Tag.INT, "a whole number");
        if (setting == null) {
            return otherwise;
        }
        String range = from == to ? "" + from : "a whole number from " + from + " to " + to;
        try {
            int value = Integer.parseInt(setting.text());
            if (value >= from && value <= to) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // said below, as one out of range
        }
        reading.problems().add(setting.place(), "expected " + range + ", found " + setting.text());
        return otherwise;
    }

    /** Whether it is set to true; false when it is not set or wrong, which is then said. */
    boolean flag(String name) {
        Setting setting = scalar(name, Tag.BOOL, "true or false");
        return setting != null && setting.text().equals("true");
    }

    private @Nullable Setting scalar(String name, Tag tag, String expected) {
        known.add(name);
        Setting override = reading.override(child(name));
        Node node = value(name);
        if (override != null || node == null) {
            return override;
        }
        return scalar(node, child(name), tag, expected);
    }

    private @Nullable Setting scalar(Node node, String at, Tag tag, String expected) {
        Place where = reading.placeOf(node, at);
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(tag)) {
            if (!scalar.getValue().isBlank()) {
                return new Setting(scalar.getValue(), where);
            }
            reading.problems().add(where, "expected " + expected + ", found an empty one; set it or leave it out");
            return null;
        }
        String remedy =
                tag.equals(Tag.STR) && node instanceof ScalarNode && !isNothing(node) ? "; put it in quotes" : "";
        reading.problems().add(where, "expected " + expected + ", found " + kindOf(node) + remedy);
        return null;
    }

    /** A list of texts, each once; empty when it is not set or wrong, which is then said. */
    List<Setting> texts(String name) {
        Node node = value(name);
        return node == null ? List.of() : texts(node, child(name));
    }

    private List<Setting> texts(Node node, String at) {
        if (!(node instanceof SequenceNode sequence)) {
            reading.problems().add(reading.placeOf(node, at), "expected a list like [a, b], found " + kindOf(node));
            return List.of();
        }
        Map<String, Setting> texts = new LinkedHashMap<>();
        for (Node element : sequence.getValue()) {
            Setting text = scalar(element, at, Tag.STR, "a text");
            if (text != null && texts.putIfAbsent(text.text(), text) != null) {
                reading.problems().add(text.place(), text.text() + " is listed twice; once is enough");
            }
        }
        if (sequence.getValue().isEmpty()) {
            reading.problems()
                    .add(reading.placeOf(node, at), "expected at least one in the list; name some or leave it out");
        }
        return List.copyOf(texts.values());
    }

    /** Says of every name nobody asked for that it is unknown, and what may have been meant. */
    void refuseUnknown() {
        for (String name : entries.keySet()) {
            if (!known.contains(name)) {
                reading.problems()
                        .add(
                                placeOfName(name),
                                "there is no setting " + name + " here; " + Suggestion.remedy(name, known));
            }
        }
    }

    /** Says that a setting which has to be here is not, unless it is there but wrong. */
    void require(String name, String expected) {
        if (value(name) == null && reading.override(child(name)) == null) {
            reading.problems()
                    .add(
                            new Place(place.source(), place.line(), place.column(), child(name)),
                            "expected " + expected + ", found none");
        }
    }

    static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** What a node is, in words; its content only when it is a number or the like. */
    static String kindOf(Node node) {
        if (node instanceof MappingNode) {
            return "settings";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return "nothing";
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return "a number";
        }
        return tag.equals(Tag.BOOL) ? "true or false" : "a text";
    }
}
