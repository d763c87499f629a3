package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import java.util.List;

/**
 * A table whose rows entries of a cache show.
 *
 * @param table the table
 * @param ways how its rows name those entries; at least one
 */
public record Dependency(TableId table, List<Way> ways) {
    public Dependency {
        ways = List.copyOf(ways);
    }
}
