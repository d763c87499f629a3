package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Where in the file each setting stands, for what can only be found wrong later. Immutable. */
final class Places {
    private final String file;
    private final Map<String, Place> places = new HashMap<>();

    Places(String file, Node root) {
        this.file = file;
        walk("", root);
    }

    /** Where the setting stands; where what holds it stands when it is not in the file. */
    Place of(String path) {
        Place place = places.get(path);
        if (place != null) {
            return place;
        }
        int cut = path.lastIndexOf('.');
        Place parent = cut < 0 ? new Place(file, 1, 1, path) : of(path.substring(0, cut));
        return new Place(parent.source(), parent.line(), parent.column(), path);
    }

    boolean has(String path) {
        return places.containsKey(path);
    }

    /** Where one element of a list stands; where the list stands when it has no such element. */
    Place ofElement(String path, String element) {
        Place place = places.get(path + "[" + element + "]");
        return place == null ? of(path) : new Place(place.source(), place.line(), place.column(), path);
    }

    /** Where a cache that is read from the database names a table that it depends on. */
    Place ofDependency(QueryCache cache, TableId table) {
        String path = "caches." + cache.name();
        if (cache.from() instanceof QueryCache.Rows) {
            return of(path + ".table");
        }
        String depends = path + ".depends";
        for (String name : List.of(table.toString(), table.table())) {
            if (has(depends + "." + name)) {
                return of(depends + "." + name);
            }
            if (has(depends + "[" + name + "]")) {
                return ofElement(depends, name);
            }
        }
        return of(depends);
    }

    private void walk(String path, Node node) {
        places.putIfAbsent(path, Place.of(file, node, path));
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    String child = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                    Node value = tuple.getValueNode();
                    places.put(child, Place.of(file, value instanceof ScalarNode ? value : key, child));
                    walk(child, value);
                }
            }
        } else if (node instanceof SequenceNode sequence) {
            int at = 0;
            for (Node element : sequence.getValue()) {
                if (element instanceof ScalarNode scalar) {
                    places.put(path + "[" + scalar.getValue() + "]", Place.of(file, element, path));
                } else {
                    walk(path + "[" + at + "]", element);
                }
                at++;
            }
        }
    }
}
