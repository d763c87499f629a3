package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.past.History.Span;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * What a replay goes through.
 *
 * @param topics of which tables
 * @param spans the offsets of each partition, those that are already done left out
 * @param rowCaches the caches of rows whose entries may be written
 * @param queryCaches the caches read from the database whose entries may be marked
 * @param whole whether everything that is left is gone through, so that what has no record has none at all
 */
record Plan(
        SortedSet<String> topics,
        Map<Partition, Span> spans,
        Set<String> rowCaches,
        Set<String> queryCaches,
        boolean whole) {

    long offsets() {
        return spans.values().stream()
                .mapToLong(span -> Math.max(0, span.end() - span.begin()))
                .sum();
    }
}
