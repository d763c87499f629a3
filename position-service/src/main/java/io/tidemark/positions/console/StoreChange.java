package io.tidemark.positions.console;

/**
 * One store's place before and after a recovery. Immutable.
 *
 * @param store its name
 * @param before in words
 * @param after in words
 * @param detail what was done
 */
public record StoreChange(String store, String before, String after, String detail) {}
