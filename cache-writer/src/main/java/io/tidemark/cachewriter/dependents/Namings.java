package io.tidemark.cachewriter.dependents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.RowReader;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.query.Naming;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** How rows of tables name entries, made anew when a table has another shape. Thread-safe. */
public final class Namings {
    private final List<QueryCache> caches;
    private final Map<TableId, OfTable> tables = new ConcurrentHashMap<>();

    public Namings(List<QueryCache> caches) {
        this.caches = List.copyOf(caches);
    }

    /** The caches. */
    List<QueryCache> caches() {
        return caches;
    }

    /** How rows of a table name entries of each cache that depends on it. */
    List<OfCache> of(TableShape shape) {
        OfTable known = tables.get(shape.table());
        if (known == null || !known.fingerprint().equals(shape.fingerprint())) {
            List<OfCache> made = new ArrayList<>();
            for (QueryCache cache : caches) {
                if (cache.dependencyOn(shape.table()).isPresent()) {
                    made.add(OfCache.of(cache, shape));
                }
            }
            known = new OfTable(shape.fingerprint(), made);
            tables.put(shape.table(), known);
        }
        return known.caches();
    }

    private record OfTable(String fingerprint, List<OfCache> caches) {}

    /**
     * How rows of one table name entries of one cache.
     *
     * @param documents makes what is needed of a row from changes
     * @param reader reads it from the database
     */
    record OfCache(QueryCache cache, TableShape shape, Naming naming, RowDocuments documents, RowReader reader) {

        static OfCache of(QueryCache cache, TableShape shape) {
            Naming naming = Naming.of(cache, shape);
            Set<String> needed = new HashSet<>(naming.columns());
            needed.addAll(shape.primaryKey());
            return new OfCache(
                    cache,
                    shape,
                    naming,
                    new RowDocuments(shape, needed::contains),
                    new RowReader(shape, needed::contains));
        }

        /** Whether what a row names has to be remembered. */
        boolean remembers() {
            return !naming.byPrimaryKey();
        }

        /** What a row names, as members. */
        List<String> members(ObjectNode row) {
            Naming.Names names = naming.of(row);
            List<String> members = new ArrayList<>();
            names.keys().forEach(key -> members.add(new Member.Key(key).toString()));
            names.asked()
                    .forEach((question, parameters) ->
                            members.add(new Member.Asked(shape.table(), question, parameters).toString()));
            return members;
        }

        /** The key under which it is remembered what a row names. */
        String memoryOf(ObjectNode primaryKey) {
            String row = shape.primaryKey().stream()
                    .map(name -> String.valueOf(primaryKey.get(name)))
                    .collect(Collectors.joining(","));
            return "tm.names:{" + cache.name() + ":"
                    + (shape.table() + ":" + row)
                            .replace("%", "%25")
                            .replace("{", "%7B")
                            .replace("}", "%7D") + "}";
        }
    }
}
