package io.tidemark.systemtests.product;

/**
 * What the product itself says after comparing.
 *
 * @param nothingFound whether every entry is consistent
 * @param text what it answered
 */
public record Verification(boolean nothingFound, String text) {}
