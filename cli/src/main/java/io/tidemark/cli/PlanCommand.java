package io.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.TextTable;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.pipeline.RowPlan;
import io.tidemark.core.postgres.ExactJson;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark plan}: checks a pipeline file, and shows what a row would do. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Checks a pipeline file, against its database too where one is named or runs here; with a table and"
                        + " --row shows which keys, tags and calls a change of that row comes to. Changes nothing.")
final class PlanCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What happens to the row. */
    enum Change {
        INSERT(Operation.CREATE),
        UPDATE(Operation.UPDATE),
        DELETE(Operation.DELETE);

        private final Operation operation;

        Change(Operation operation) {
            this.operation = operation;
        }
    }

    @Mixin
    private PipelineFile file = new PipelineFile();

    @Parameters(paramLabel = "TABLE", arity = "0..1", description = "A table, such as public.products.")
    private @Nullable String table;

    @Option(names = "--row", paramLabel = "JSON", description = "The row; for a delete the one that goes.")
    private @Nullable String row;

    @Option(
            names = "--before",
            paramLabel = "JSON",
            description = "The row before an update; without it every column" + " counts as changed.")
    private @Nullable String before;

    @Option(
            names = "--op",
            paramLabel = "OP",
            defaultValue = "update",
            description = "insert, update or delete (default:" + " ${DEFAULT-VALUE}).")
    private Change change = Change.UPDATE;

    @Option(names = "--offline", description = "Do not ask the database.")
    private boolean offline;

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() {
        Pipeline pipeline = Pipelines.read(file.path(), System.getenv());
        String database = offline ? "not asked" : PlannedDatabase.check(file.path(), target.runFile());
        ObjectNode result = JSON.createObjectNode();
        result.put("file", file.path().toString());
        result.put("good", true);
        result.put("database", database);
        StringBuilder text = new StringBuilder(file.path() + " is good; the database: " + database + "\n\n");
        if (table == null || row == null) {
            caches(pipeline, result, text);
        } else {
            rowPlan(pipeline, result, text);
        }
        System.out.println(json ? result.toString() : text.toString().stripTrailing());
        return ExitCode.GOOD;
    }

    private static void caches(Pipeline pipeline, ObjectNode result, StringBuilder text) {
        TextTable table = TextTable.ofWords("cache", "table", "key", "ttl", "format", "tags");
        ArrayNode caches = result.putArray("caches");
        for (Cache cache : pipeline.caches()) {
            ObjectNode one = caches.addObject();
            one.put("cache", cache.name());
            one.put("table", cache.table().toString());
            one.put("key", cache.key().toString());
            one.put("format", cache.format().text());
            table.row(
                    cache.name(),
                    cache.table().toString(),
                    cache.key().toString(),
                    cache.keptWhole() ? "kept whole" : cache.ttlMillis() / 1000 + " s",
                    cache.format().text(),
                    cache.tags().toString());
        }
        text.append(table)
                .append("\n\nRead by queries: "
                        + String.join(
                                ", ",
                                pipeline.queries().caches().stream()
                                        .map(QueryCache::name)
                                        .toList())
                        + ". With a table and --row '{…}' this shows what a change of that row would do.");
    }

    private void rowPlan(Pipeline pipeline, ObjectNode result, StringBuilder text) {
        TableId id = TableId.parse(String.valueOf(table));
        if (!pipeline.followedTables().contains(id)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the pipeline file does not follow " + id + "; it follows " + pipeline.followedTables());
        }
        RowPlan plan;
        try {
            plan = RowPlan.of(
                    pipeline,
                    id,
                    change.operation,
                    before == null ? null : object("--before", before),
                    object("--row", String.valueOf(row)));
        } catch (IllegalArgumentException missing) {
            throw new CommandFailure(ExitCode.USAGE, "this row cannot be planned: " + missing.getMessage(), missing);
        }
        result.put("table", id.toString());
        result.put("operation", change.name().toLowerCase(Locale.ROOT));
        ArrayNode writes = result.putArray("writes");
        TextTable calls = TextTable.ofWords("cache", "call", "key", "format", "document");
        for (RowPlan.Write write : plan.writes()) {
            ObjectNode one = writes.addObject();
            one.put("cache", write.cache());
            one.put("call", write.call());
            one.put("key", write.key());
            one.put("meta_key", write.metaKey());
            if (!write.format().isEmpty()) {
                one.put("format", write.format());
            }
            write.fields().forEach(one.putArray("fields")::add);
            calls.row(write.cache(), write.call(), write.key(), write.format(), String.join(", ", write.fields()));
        }
        plan.tags().forEach(result.putArray("tags")::add);
        plan.changed().forEach(result.putArray("changed_columns")::add);
        text.append(change.name().toLowerCase(Locale.ROOT))
                .append(" of a row of ")
                .append(id)
                .append(":\n\n");
        text.append(plan.writes().isEmpty() ? "No entry is written from the row itself." : calls.toString());
        List<String> queries = pipeline.queries().caches().stream()
                .filter(cache -> cache.dependencyOn(id).isPresent())
                .map(QueryCache::name)
                .toList();
        queries.forEach(result.putArray("queries")::add);
        if (!queries.isEmpty()) {
            text.append("\n\nRead again by their queries, where they depend on what changed: ")
                    .append(String.join(", ", queries));
        }
        text.append("\n\n")
                .append(
                        plan.tags().isEmpty()
                                ? "No tag is made stale."
                                : "tm_bump makes stale: " + String.join(", ", plan.tags()));
    }

    private static ObjectNode object(String option, String text) {
        try {
            if (ExactJson.reader().readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException notJson) {
            throw new CommandFailure(
                    ExitCode.USAGE, option + ": expected JSON such as '{\"id\": 42, \"name\": \"Tea\"}'", notJson);
        }
        throw new CommandFailure(ExitCode.USAGE, option + ": expected a JSON object");
    }
}
