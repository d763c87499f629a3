package io.tidemark.core.query;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Dependency;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.PipelineProblem;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.QueryShape;
import io.tidemark.core.postgres.QueryShape.OutColumn;
import io.tidemark.core.postgres.SqlFailures;
import io.tidemark.core.postgres.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds the caches that are read from the database against it: that it takes their statements, and they can be keyed. */
public final class QueryCheck {
    private static final Set<String> INEXACT = Set.of("float4", "float8", "json", "jsonb", "money", "interval");
    private static final Set<String> SCORES =
            Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "date", "timestamp", "timestamptz");

    private final PipelineFile file;
    private final Connection connection;
    private final Map<TableId, TableShape> shapes;
    private final List<PipelineProblem> problems = new ArrayList<>();

    private QueryCheck(PipelineFile file, Connection connection, Map<TableId, TableShape> shapes) {
        this.file = file;
        this.connection = connection;
        this.shapes = shapes;
    }

    /**
     * Checks; nothing is run.
     *
     * @param shapes the followed tables
     * @return what is wrong, in the order of the file
     * @throws SQLException when the database cannot be asked
     */
    public static List<PipelineProblem> check(PipelineFile file, Connection connection, Map<TableId, TableShape> shapes)
            throws SQLException {
        QueryCheck check = new QueryCheck(file, connection, shapes);
        for (QueryCache cache : file.pipeline().queries().caches()) {
            check.cache(cache);
        }
        return check.problems.stream().sorted().toList();
    }

    private void cache(QueryCache cache) throws SQLException {
        if (cache.from() instanceof QueryCache.Rows rows && !hasColumns(cache, rows)) {
            return;
        }
        String setting = cache.from() instanceof QueryCache.Query ? "query" : keySetting(cache);
        QueryShape shape;
        try {
            shape = QueryShape.of(connection, Questions.of(cache, shapes).sql());
        } catch (SQLException refused) {
            if (SqlFailures.isOfTheServer(refused)) {
                throw refused;
            }
            problem(cache, setting, "PostgreSQL does not take it: " + SqlFailures.text(refused) + "; try it with psql");
            return;
        }
        columns(cache, shape, setting);
        ways(cache);
    }

    private static String keySetting(QueryCache cache) {
        return cache.index() == null ? "keys" : "member";
    }

    private boolean hasColumns(QueryCache cache, QueryCache.Rows rows) {
        TableShape shape = shapes.get(rows.table());
        if (shape == null) {
            return false;
        }
        List<String> needed = new ArrayList<>(cache.key().columns());
        if (cache.index() != null) {
            needed.add(cache.index().score());
        }
        List<String> missing = needed.stream()
                .map(Questions::objectOf)
                .filter(name -> shape.column(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            String setting =
                    cache.index() != null && missing.contains(cache.index().score()) ? "score" : keySetting(cache);
            problem(
                    cache,
                    setting,
                    "expected a column of " + rows.table() + ", found " + missing.get(0) + "; it has "
                            + shape.columns().stream()
                                    .map(column -> column.name())
                                    .collect(Collectors.joining(", ")));
        }
        return missing.isEmpty();
    }

    private void columns(QueryCache cache, QueryShape shape, String setting) {
        Set<String> names = new HashSet<>();
        shape.columns().stream()
                .map(OutColumn::name)
                .filter(name -> !names.add(name))
                .forEach(name ->
                        problem(cache, setting, "gives two columns " + name + "; call one of them otherwise, with as"));
        for (String key : cache.key().columns()) {
            OutColumn column = shape.column(key).orElse(null);
            if (column == null) {
                problem(
                        cache,
                        setting,
                        "cannot be keyed: it gives no column " + key
                                + ", which the key names; select it, or use one of " + String.join(", ", names));
            } else if (INEXACT.contains(column.type())
                    || column.type().startsWith("_")
                    || (column.type().equals("numeric") && column.precision() == 0)) {
                problem(
                        cache,
                        setting,
                        "cannot be keyed by " + key + " of type " + column.type()
                                + ": its equal values may have different texts; cast it to bigint, text or numeric(p,s)");
            }
        }
        score(cache, shape);
    }

    private void score(QueryCache cache, QueryShape shape) {
        if (cache.index() == null) {
            return;
        }
        String name = cache.from() instanceof QueryCache.Query ? cache.index().score() : "document";
        OutColumn column = shape.column(name).orElse(null);
        if (column == null || !SCORES.contains(column.type())) {
            problem(
                    cache,
                    "score",
                    "expected a column that is a number, a date or a timestamp, found "
                            + (column == null ? "no column " + name : "one of type " + column.type()));
        }
    }

    private void ways(QueryCache cache) throws SQLException {
        for (Dependency dependency : cache.depends()) {
            TableShape shape = shapes.get(dependency.table());
            if (shape == null) {
                continue;
            }
            try {
                Naming naming = Naming.of(cache, shape);
                List<String> missing = naming.columns().stream()
                        .filter(name -> shape.column(name).isEmpty())
                        .toList();
                if (!missing.isEmpty()) {
                    depends(cache, shape, "expected a column of " + shape.table() + ", found " + missing.get(0));
                    continue;
                }
                for (Naming.Asked asked : naming.asked()) {
                    asked.keys().check(connection);
                }
            } catch (IllegalArgumentException wrong) {
                depends(cache, shape, String.valueOf(wrong.getMessage()));
            } catch (SQLException refused) {
                if (SqlFailures.isOfTheServer(refused)) {
                    throw refused;
                }
                depends(
                        cache,
                        shape,
                        "expected a statement that gives " + cache.key().columns() + ", of which PostgreSQL says: "
                                + SqlFailures.text(refused));
            }
        }
    }

    private void depends(QueryCache cache, TableShape shape, String message) {
        problems.add(file.problemOfDependency(cache, shape.table(), message));
    }

    private void problem(QueryCache cache, String setting, String message) {
        problems.add(file.problemOf(cache.name(), setting, message));
    }
}
