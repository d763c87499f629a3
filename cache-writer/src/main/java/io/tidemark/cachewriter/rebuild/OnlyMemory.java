package io.tidemark.cachewriter.rebuild;

import io.tidemark.cachewriter.tags.TagStore;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tags of a Redis that has lost its data: rows are remembered again, and nothing is made stale. Thread-safe.
 *
 * <p>With the counters of the tags everything that carried one became stale, and a fill that was under way lost its lease.
 * Whatever was filled since then was read after every change that is applied once more could be seen.
 */
public final class OnlyMemory implements TagStore {
    private final TagStore store;

    public OnlyMemory(TagStore store) {
        this.store = store;
    }

    @Override
    public void bump(Collection<String> tags) {}

    @Override
    public void carried(String prefix, Consumer<List<String>> portion) {}

    @Override
    public List<@Nullable String> recall(List<String> rows) {
        return store.recall(rows);
    }

    @Override
    public void remember(List<Memory> rows) {
        store.remember(rows);
    }

    /** Newer rows of a table that was emptied are remembered by now. */
    @Override
    public void forgetRows(String table) {}

    @Override
    public List<Due> due(int most) {
        return store.due(most);
    }

    @Override
    public List<Members> members(String tag) {
        return store.members(tag);
    }

    @Override
    public Swept sweep(String tag, String list, int most) {
        return store.sweep(tag, list, most);
    }

    @Override
    public void swept(Due due) {
        store.swept(due);
    }

    @Override
    public String prune(String after) {
        return store.prune(after);
    }
}
