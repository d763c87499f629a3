package io.tidemark.cli.stack;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import java.util.ArrayList;
import java.util.List;

/**
 * What the scripts of deploy/access have to be told of a pipeline file. Immutable.
 *
 * @param tables those that it follows, each quoted for SQL
 * @param rows patterns of the keys that its caches have, as Redis' ACL takes them, such as {@code product:*}
 * @param publication the publication's name
 * @param prefix what the topics' names begin with
 */
public record PipelineRights(List<String> tables, List<String> rows, String publication, String prefix) {
    public PipelineRights {
        tables = List.copyOf(tables);
        rows = List.copyOf(rows);
    }

    /** What a pipeline needs. */
    public static PipelineRights of(Pipeline pipeline) {
        List<String> patterns = new ArrayList<>();
        pipeline.caches().forEach(cache -> patterns.add(cache.key().scanPattern()));
        for (QueryCache cache : pipeline.queries().caches()) {
            QueryCache.Index index = cache.index();
            patterns.add(index == null ? cache.key().scanPattern() : index.key());
            if (cache.stamp() != null) {
                patterns.add(cache.stamp());
            }
        }
        return new PipelineRights(
                pipeline.followedTables().stream().map(TableId::quoted).toList(),
                patterns.stream().distinct().toList(),
                pipeline.source().publication(),
                pipeline.kafka().topics().prefix());
    }
}
