package io.tidemark.reconciler.verify;

/**
 * Where a comparison of one cache reads.
 *
 * @param rows the rows, by their keys
 * @param entries the entries
 * @param applied how far the entries are
 */
public record Compared(Rows rows, Entries entries, Applied applied) {}
