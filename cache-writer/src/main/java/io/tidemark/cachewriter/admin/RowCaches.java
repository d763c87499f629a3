package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Opens the caches of row documents, of tables as they are shaped now. Thread-safe. */
public final class RowCaches implements KeptCaches.Opener {
    private final Tables tables;
    private final Supplier<SourceSession> sessions;
    private final Entries entries;
    private final QueryMarks queries;

    /** @param sessions gives a new one each time, which connects when it is first used */
    public RowCaches(Tables tables, Supplier<SourceSession> sessions, Entries entries, QueryMarks queries) {
        this.queries = queries;
        this.tables = tables;
        this.sessions = sessions;
        this.entries = entries;
    }

    @Override
    public KeptCaches open() {
        SourceSession session = sessions.get();
        List<KeptCache> caches = new ArrayList<>();
        for (TableId id : tables.applied()) {
            FollowedTable table = tables.of(id).orElse(null);
            if (table != null) {
                for (Target target : table.targets()) {
                    caches.add(new RowCache(table, target, session, entries));
                }
            }
        }
        return new KeptCaches(caches, queries, session::close);
    }
}
