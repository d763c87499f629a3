package io.tidemark.client.near;

/**
 * What was counted since the copies were begun.
 *
 * @param hits reads that were answered from memory
 * @param misses reads for which no copy could be used
 * @param kept copies that were put in
 * @param refused copies that were not, since what they show was invalidated while it was read, or nobody followed
 * @param droppedKeys copies that were dropped by their key
 * @param droppedTags tags that were named and that copies carried
 * @param resets times everything was dropped, because invalidations may have been missed
 * @param copies how many there are now, about; some may be stale and not yet removed
 */
public record NearCounts(
        long hits,
        long misses,
        long kept,
        long refused,
        long droppedKeys,
        long droppedTags,
        long resets,
        long copies) {}
