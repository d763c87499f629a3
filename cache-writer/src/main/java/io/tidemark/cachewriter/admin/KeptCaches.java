package io.tidemark.cachewriter.admin;

import java.util.List;
import java.util.Optional;

/**
 * The caches that cache-writer keeps: those of rows, and those of queries, whose entries it reads when they are marked; with a connection to the database of their own. For one thread.
 */
public record KeptCaches(List<KeptCache> all, QueryMarks queries, Runnable end) implements AutoCloseable {

    /** Opens them for one piece of work. Thread-safe. */
    @FunctionalInterface
    public interface Opener {
        KeptCaches open();
    }

    public KeptCaches {
        all = List.copyOf(all);
    }

    /** The cache of that name. */
    public Optional<KeptCache> named(String name) {
        return all.stream().filter(cache -> cache.name().equals(name)).findFirst();
    }

    /** The cache that a key belongs to; empty for an application's entry. */
    public Optional<KeptCache> owning(String key) {
        return all.stream().filter(cache -> cache.owns(key)).findFirst();
    }

    @Override
    public void close() {
        end.run();
    }
}
