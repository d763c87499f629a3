package io.tidemark.core.pipeline;

/**
 * A single value as it was written, and where.
 *
 * @param text what was written
 * @param place where
 */
record Setting(String text, Place place) {}
