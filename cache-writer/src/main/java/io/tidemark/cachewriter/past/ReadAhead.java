package io.tidemark.cachewriter.past;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next piece while somebody works on the last, in a thread of its own, {@code read-ahead}; no more than one piece ahead.
 * For one thread.
 */
public final class ReadAhead implements History.Reading {
    private final History.Reading reading;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "read-ahead");
        made.setDaemon(true);
        return made;
    });
    private CompletableFuture<@Nullable Chunk> next;

    /** @param reading used in this object's thread alone from now on; closed with this object, at the latest when its last piece is read */
    public ReadAhead(History.Reading reading) {
        this.reading = reading;
        this.next = ahead();
    }

    private CompletableFuture<@Nullable Chunk> ahead() {
        return CompletableFuture.supplyAsync(reading::next, thread);
    }

    @Override
    public @Nullable Chunk next() {
        try {
            Chunk chunk = next.get();
            next = chunk == null ? CompletableFuture.completedFuture(null) : ahead();
            return chunk;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new History.AwayException("stopped while the topic was read", stopped);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof History.AwayException away
                    ? new History.AwayException(String.valueOf(away.getMessage()), away)
                    : new IllegalStateException("BUG: a topic could not be read", failed.getCause());
        }
    }

    @Override
    public void close() {
        thread.execute(reading::close);
        thread.shutdown();
    }
}
