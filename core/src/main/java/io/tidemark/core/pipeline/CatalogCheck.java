package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds a pipeline against the tables as they are in the database: each exists, has a primary key, and has the columns
 * that the file names. Pure: it reads nothing itself.
 */
public final class CatalogCheck {
    private final PipelineFile file;
    private final Map<TableId, TableShape> shapes;
    private final Set<TableId> existing;
    private final List<PipelineProblem> wrong = new ArrayList<>();
    private final SortedMap<TableId, PipelineProblem> unready = new TreeMap<>();

    private CatalogCheck(PipelineFile file, Map<TableId, TableShape> shapes, Collection<TableId> existing) {
        this.file = file;
        this.shapes = shapes;
        this.existing = new HashSet<>(existing);
        this.existing.addAll(shapes.keySet());
    }

    /**
     * What the check found.
     *
     * @param wrong what only a change of the file or of a table that is there can mend
     * @param unready the tables that are missing or have no primary key yet, each with its problem
     */
    public record Findings(List<PipelineProblem> wrong, SortedMap<TableId, PipelineProblem> unready) {

        /** Everything, in the order of the file. */
        public List<PipelineProblem> all() {
            List<PipelineProblem> all = new ArrayList<>(wrong);
            all.addAll(unready.values());
            return all.stream().sorted().toList();
        }

        /**
         * Lets a service go on only when it can.
         *
         * @param waitForTables whether tables that are not ready yet will be waited for
         * @throws InvalidPipelineException with everything that is wrong
         */
        public void throwIfWrong(boolean waitForTables) {
            List<PipelineProblem> problems = waitForTables ? wrong : all();
            if (!problems.isEmpty()) {
                throw new InvalidPipelineException(problems);
            }
        }
    }

    /**
     * Checks.
     *
     * @param shapes the followed tables that exist
     * @param existing other tables of the database, of which one may have been meant; may be empty
     */
    public static Findings check(PipelineFile file, Map<TableId, TableShape> shapes, Collection<TableId> existing) {
        CatalogCheck check = new CatalogCheck(file, shapes, existing);
        file.pipeline().followedTables().forEach(check::table);
        file.pipeline().tables().forEach(check::rules);
        file.pipeline().invalidations().forEach(check::invalidations);
        file.pipeline().caches().forEach(check::cache);
        return new Findings(check.wrong.stream().sorted().toList(), check.unready);
    }

    private void table(TableId table) {
        TableShape shape = shapes.get(table);
        if (shape == null) {
            Set<String> names = existing.stream().map(TableId::toString).collect(Collectors.toSet());
            String remedy = Suggestion.nearest(table.toString(), names)
                    .map(meant -> "did you mean " + meant + "?")
                    .orElse("create it, or let the user of source.url see it: GRANT SELECT ON " + table.quoted()
                            + " TO …");
            unready.put(table, placeOf(table).problem("expected the table " + table + ", found none; " + remedy));
        } else if (shape.primaryKey().isEmpty()) {
            unready.put(
                    table,
                    placeOf(table)
                            .problem("expected " + table
                                    + " to have a primary key, found none; give it one: ALTER TABLE " + table.quoted()
                                    + " ADD PRIMARY KEY (" + guessKey(shape) + ")"));
        } else {
            replicaIdentity(shape, placeOf(table));
        }
    }

    /** Without the primary key in the WAL, PostgreSQL refuses the application's deletes, or a delete names no row. */
    private void replicaIdentity(TableShape shape, Place place) {
        ReplicaIdentity identity = shape.replicaIdentity();
        if (identity == ReplicaIdentity.NOTHING || identity == ReplicaIdentity.INDEX) {
            wrong.add(place.problem("expected " + shape.table() + " to have its primary key or the full row as replica"
                    + " identity, found " + identity.name().toLowerCase(Locale.ROOT) + "; set the default: ALTER TABLE "
                    + shape.table().quoted() + " REPLICA IDENTITY DEFAULT"));
        }
    }

    /** Columns that look like a key: an id, or else the first that cannot be null. */
    private static String guessKey(TableShape shape) {
        return shape.column("id")
                .or(() -> shape.columns().stream().filter(Column::notNull).findFirst())
                .map(column -> TableId.quote(column.name()))
                .orElse("…");
    }

    private Place placeOf(TableId table) {
        return file.pipeline().cachesOf(table).stream()
                .findFirst()
                .map(cache -> file.places().of("caches." + cache.name() + ".table"))
                .or(() -> file.pipeline().queries().caches().stream()
                        .filter(cache -> cache.dependencyOn(table).isPresent())
                        .findFirst()
                        .map(cache -> file.places().ofDependency(cache, table)))
                .orElseGet(() -> file.places().of("tables." + written(table)));
    }

    /** The table as the file spells it, which may leave out the schema public. */
    private String written(TableId table) {
        boolean full = file.places().has("tables." + table) || !table.schema().equals("public");
        return full ? table.toString() : table.table();
    }

    private void rules(TableId table, ColumnRules rules) {
        TableShape shape = shapes.get(table);
        if (shape != null) {
            String columns = "tables." + written(table) + ".columns";
            new TreeSet<>(rules.critical()).forEach(column -> column(shape, columns + ".critical", column));
            new TreeSet<>(rules.ignored()).forEach(column -> column(shape, columns + ".ignored", column));
        }
    }

    private void invalidations(TableId table, List<InvalidationRule> rules) {
        TableShape shape = shapes.get(table);
        if (shape == null) {
            return;
        }
        String path = "tables." + written(table) + ".invalidates";
        for (int i = 0; i < rules.size(); i++) {
            InvalidationRule rule = rules.get(i);
            String at = path + "[" + i + "]";
            new TreeSet<>(rule.columns()).forEach(column -> column(shape, at + ".columns", column));
            for (TagTemplate tag : rule.tags()) {
                Place place = file.places().ofElement(at + ".tags", tag.toString());
                tag.columns().forEach(column -> ofTag(shape, place, column, "a tag"));
            }
            new TreeSet<>(rule.conditions().keySet())
                    .forEach(column -> ofTag(shape, file.places().of(at + ".if." + column), column, "a condition"));
        }
    }

    private void ofTag(TableShape shape, Place place, String column, String where) {
        if (shape.column(column).isEmpty()) {
            missing(shape, place, column);
        } else {
            refuseType(shape.column(column).orElseThrow(), place, where);
        }
    }

    private void refuseType(Column column, Place place, String where) {
        KeyTypes.objection(column)
                .ifPresent(objection -> wrong.add(place.problem("column " + column.name() + " of type "
                        + column.declaredType() + " cannot stand in " + where + ": " + objection)));
    }

    private void cache(Cache cache) {
        TableShape shape = shapes.get(cache.table());
        if (shape == null) {
            return;
        }
        String path = "caches." + cache.name();
        if (cache.fields() instanceof FieldSelection.Only only) {
            new TreeSet<>(only.columns()).forEach(column -> column(shape, path + ".fields", column));
        } else if (cache.fields() instanceof FieldSelection.AllBut allBut) {
            Set<String> except = new TreeSet<>(allBut.columns());
            except.removeAll(file.pipeline().rulesOf(cache.table()).ignored());
            except.forEach(column -> column(shape, path + ".fields.except", column));
        }
        cache.tags().forEach(tag -> tag.columns().stream()
                .filter(column -> shape.column(column).isEmpty())
                .forEach(column -> missing(shape, file.places().ofElement(path + ".tags", tag.toString()), column)));
        key(cache, shape, file.places().of(path + ".key"));
    }

    private void key(Cache cache, TableShape shape, Place place) {
        List<String> named = cache.key().columns();
        named.stream()
                .filter(column -> shape.column(column).isEmpty())
                .forEach(column -> missing(shape, place, column));
        if (shape.primaryKey().isEmpty()
                || named.stream().anyMatch(column -> shape.column(column).isEmpty())) {
            return;
        }
        if (!new HashSet<>(named).equals(new HashSet<>(shape.primaryKey()))) {
            String inBraces = shape.primaryKey().stream()
                    .map(column -> "{" + column + "}")
                    .collect(Collectors.joining(":"));
            wrong.add(place.problem("expected the columns of the primary key of " + shape.table()
                    + " and no other, like " + cache.name() + ":" + inBraces + ", found " + cache.key()));
            return;
        }
        shape.keyColumns().forEach(column -> refuseType(column, place, "a key"));
    }

    private void column(TableShape shape, String path, String column) {
        if (shape.column(column).isEmpty()) {
            missing(shape, file.places().ofElement(path, column), column);
        }
    }

    private void missing(TableShape shape, Place place, String column) {
        Set<String> names = shape.columns().stream().map(Column::name).collect(Collectors.toSet());
        wrong.add(place.problem("expected a column of " + shape.table() + ", found " + column + "; "
                + Suggestion.remedy(column, names)));
    }
}
