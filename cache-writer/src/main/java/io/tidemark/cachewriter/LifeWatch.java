package io.tidemark.cachewriter;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.Incarnations;
import org.jspecify.annotations.Nullable;

/** Looks now and then which life of its data set Redis is in. One thread looks; any may ask. */
public final class LifeWatch {
    private final Incarnations incarnations;
    private volatile @Nullable String seen;
    private volatile @Nullable String problem;

    LifeWatch(Incarnations incarnations) {
        this.incarnations = incarnations;
    }

    /** The life that was last seen; null before the first. */
    public @Nullable String seen() {
        return seen;
    }

    /** Why Redis could not be asked the last time; null when it could. */
    public @Nullable String problem() {
        return problem;
    }

    /**
     * Looks.
     *
     * @throws EntriesException when Redis cannot be asked
     */
    void look() {
        try {
            seen = incarnations.current();
            problem = null;
        } catch (EntriesException failure) {
            problem = failure.getMessage();
            throw failure;
        }
    }
}
