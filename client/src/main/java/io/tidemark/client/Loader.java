package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/** Computes a value from the database. */
@FunctionalInterface
public interface Loader {

    /** The value; null when there is nothing, which is kept as well. */
    @Nullable
    String load() throws Exception;
}
