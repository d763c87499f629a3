package io.tidemark.cachewriter.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.tags.TagRules;
import io.tidemark.core.change.Change;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.postgres.TableShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose changes are brought to Redis, as it is shaped now. Immutable.
 *
 * @param shape its columns and primary key
 * @param targets its caches
 * @param tagRules which tags its changes make stale; null for none
 * @param keys makes its primary keys from changes
 * @param shapedSinceLsn where the WAL stood when a change of the shape was noticed, 0 when none was: a change committed
 *     up to there may still have the old types
 */
public record FollowedTable(
        TableShape shape, List<Target> targets, @Nullable TagRules tagRules, RowDocuments keys, long shapedSinceLsn) {

    public FollowedTable {
        targets = List.copyOf(targets);
    }

    /** Its caches that changes reach. */
    public List<Target> changedTargets() {
        return targets.stream().filter(Target::followsChanges).toList();
    }

    /** Whether a change may have been made before the table got this shape. */
    public boolean mayBeOfAnOlderShape(Change change) {
        long lsn = change.version().commitLsn() == 0
                ? change.version().eventLsn()
                : change.version().commitLsn();
        return Long.compareUnsigned(lsn, shapedSinceLsn) <= 0 && shapedSinceLsn != 0;
    }

    /**
     * The primary key of a change's row in {@code to_jsonb} form.
     *
     * @throws io.tidemark.core.change.UnreadableChangeException when the change's key is not one of this table
     */
    public ObjectNode primaryKeyOf(Change change) {
        return keys.keyOf(change);
    }
}
