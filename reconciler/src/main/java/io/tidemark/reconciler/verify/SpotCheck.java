package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares some entries of a cache, in the way of a whole comparison, a few at a time: as many as are small enough together, by
 * what was seen before. Not thread-safe.
 */
public final class SpotCheck {
    private static final int MOST_AT_ONCE = 100;
    private static final long BYTES_AT_ONCE = 1L << 20;

    private final Subject cache;
    private final ChunkSize size = new ChunkSize(1, MOST_AT_ONCE, BYTES_AT_ONCE);

    public SpotCheck(Subject cache) {
        this.cache = cache;
    }

    /**
     * Compares the entries of rows, and those of keys that can be the cache's; keys that cannot are left out.
     *
     * @param rows primary keys
     * @param findings told of what differs
     * @param tally learns what was found
     */
    public void check(Compared compared, Findings findings, List<ObjectNode> rows, Collection<String> keys, Tally tally)
            throws SQLException, InterruptedException, NotAppliedException {
        CacheComparison comparison = new CacheComparison(
                cache, compared.rows(), compared, Order.check(List.of(cache)), new Steering(0), tally, findings);
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        rows.forEach(row -> all.put(cache.key().render(row), row));
        for (String key : keys) {
            if (!all.containsKey(key)) {
                cache.key().match(key).flatMap(compared.rows()::keyOf).ifPresent(row -> all.put(key, row));
            }
        }
        List<Map.Entry<String, ObjectNode>> wanted = new ArrayList<>(all.entrySet());
        for (int from = 0, to; from < wanted.size(); from = to) {
            to = Math.min(wanted.size(), from + size.rows());
            compared.turn().lockInterruptibly();
            try {
                look(comparison, compared.rows(), wanted.subList(from, to));
            } finally {
                compared.turn().unlock();
            }
        }
    }

    private void look(CacheComparison comparison, Rows source, List<Map.Entry<String, ObjectNode>> wanted)
            throws SQLException, InterruptedException, NotAppliedException {
        List<String> rowless = new ArrayList<>();
        List<ObjectNode> rowlessKeys = new ArrayList<>();
        comparison.some(rows(source, wanted, rowless, rowlessKeys), rowless, rowlessKeys);
    }

    /** Reads rows; what is missing of them is put into the lists. */
    private List<Row> rows(
            Rows source, List<Map.Entry<String, ObjectNode>> wanted, List<String> rowless, List<ObjectNode> rowlessKeys)
            throws SQLException {
        RowsRead read = source.read(wanted.stream().map(Map.Entry::getValue).toList());
        List<Row> rows = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < wanted.size(); i++) {
            byte @Nullable [] document = read.documents().get(i);
            if (document != null) {
                bytes += document.length;
                rows.add(new Row(wanted.get(i).getValue(), document));
            } else {
                rowless.add(wanted.get(i).getKey());
                rowlessKeys.add(wanted.get(i).getValue());
            }
        }
        size.took(wanted.size(), bytes);
        return rows;
    }
}
