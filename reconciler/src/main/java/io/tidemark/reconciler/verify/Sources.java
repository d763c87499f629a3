package io.tidemark.reconciler.verify;

import io.tidemark.core.pipeline.Cache;
import java.sql.SQLException;

/** What a comparison reads from. Thread-safe. */
public interface Sources {

    /** The rows of a cache's table, over a connection of their own; to be closed. */
    Rows rows(Cache cache) throws SQLException;

    Entries entries();

    Applied applied();
}
