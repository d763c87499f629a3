package io.tidemark.cachewriter.entries;

import org.jspecify.annotations.Nullable;

/** Redis did not do what it was asked to; the message says why. What was asked may have happened or not. */
public final class EntriesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EntriesException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
