package io.tidemark.client;

/**
 * What became of a warming.
 *
 * @param there how many entries were right already
 * @param filled how many are there now
 * @param refused how many were invalidated while they were computed, and are missing still
 * @param left how many another one is filling
 * @param failed how many could not be computed; their loaders threw
 */
public record Warmed(long there, long filled, long refused, long left, long failed) {}
