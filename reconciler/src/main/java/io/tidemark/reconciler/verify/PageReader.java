package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowPage;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table page by page, one page ahead of whoever takes them: PostgreSQL works while the page before is compared.
 * Used by one thread; the rows are used by a thread of its own until it is closed.
 */
final class PageReader implements AutoCloseable {
    private static final int FIRST_PAGE = 100;
    private static final int LARGEST_PAGE = 2000;
    private static final long PAGE_BYTES = 4L << 20;

    private final Rows rows;
    private final ChunkSize size;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "verify-pages");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Future<RowPage> next;
    /** Where to read on once the next page is wanted: the page before is too large to lie in memory beside another. */
    private @Nullable ObjectNode later;

    /** @param most how many rows a page has at most, 0 for a bound of its own; fewer where the rows are large */
    PageReader(Rows rows, int most) {
        this.rows = rows;
        this.size = new ChunkSize(
                most == 0 ? FIRST_PAGE : Math.min(most, FIRST_PAGE), most == 0 ? LARGEST_PAGE : most, PAGE_BYTES);
        this.next = ahead.submit(() -> read(null));
    }

    /** The next page's rows; null when there is no further page. */
    @Nullable
    List<Row> next() throws SQLException, InterruptedException {
        ObjectNode left = later;
        if (left != null) {
            next = ahead.submit(() -> read(left));
        }
        if (next == null) {
            return null;
        }
        RowPage page = taken(next);
        ObjectNode after = page.next();
        boolean isLarge = bytesOf(page) > 2 * PAGE_BYTES;
        next = after == null || isLarge ? null : ahead.submit(() -> read(after));
        later = isLarge ? after : null;
        return page.rows();
    }

    private RowPage read(@Nullable ObjectNode after) throws SQLException {
        RowPage page = rows.page(after, size.rows());
        size.took(page.rows().size(), bytesOf(page));
        return page;
    }

    private static long bytesOf(RowPage page) {
        long bytes = 0;
        for (Row row : page.rows()) {
            bytes += row.document().length;
        }
        return bytes;
    }

    private static RowPage taken(Future<RowPage> future) throws SQLException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof SQLException sql) {
                throw sql;
            }
            throw cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
        }
    }

    @Override
    public void close() {
        ahead.shutdownNow();
    }
}
