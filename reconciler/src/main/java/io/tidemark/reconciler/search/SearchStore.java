package io.tidemark.reconciler.search;

import java.util.Map;
import java.util.Optional;

/** How the search data stands, in Redis. Thread-safe; throws {@link IllegalStateException} where Redis is away. */
public interface SearchStore {

    /** All that was kept; empty for nothing. */
    Map<String, String> status();

    /** Keeps all of it, in place of what was. */
    void keep(Map<String, String> status);

    /** The right to re-sync, for this thread; empty while somebody else has it. */
    Optional<Right> right();

    /** Whether somebody has the right. */
    boolean isRunning();

    /** The right to re-sync. */
    interface Right extends AutoCloseable {
        @Override
        void close();
    }
}
