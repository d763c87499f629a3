package io.tidemark.client;

/**
 * How an entry is made before anybody asks for it.
 *
 * @param key the entry's
 * @param keep how it is kept
 * @param loader computes it from the database
 */
public record Recipe(String key, Keep keep, Loader loader) {}
