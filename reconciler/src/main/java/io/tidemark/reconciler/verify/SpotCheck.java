package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares some entries of a cache, in the way of a whole comparison. */
public final class SpotCheck {
    private SpotCheck() {}

    /**
     * Compares the entries of rows, and those of keys that can be the cache's; keys that cannot are left out.
     *
     * @param findings told of what differs
     * @param tally learns what was found
     */
    public static void check(
            Subject cache, Compared compared, Findings findings, List<Row> sample, Collection<String> keys, Tally tally)
            throws SQLException, InterruptedException, NotAppliedException {
        CacheComparison comparison = new CacheComparison(
                cache, compared.rows(), compared, Order.check(List.of(cache)), new Steering(0), tally, findings);
        List<Row> rows = new ArrayList<>(sample);
        Set<String> known = new HashSet<>();
        sample.forEach(row -> known.add(cache.key().render(row.key())));
        List<String> others = new ArrayList<>();
        List<ObjectNode> rowKeys = new ArrayList<>();
        for (String key : keys) {
            Optional<ObjectNode> rowKey = known.contains(key)
                    ? Optional.empty()
                    : cache.key().match(key).flatMap(compared.rows()::keyOf);
            if (rowKey.isPresent()) {
                others.add(key);
                rowKeys.add(rowKey.get());
            }
        }
        List<String> rowless = new ArrayList<>();
        List<ObjectNode> rowlessKeys = new ArrayList<>();
        RowsRead read =
                rowKeys.isEmpty() ? new RowsRead(List.of(), 0) : compared.rows().read(rowKeys);
        for (int i = 0; i < rowKeys.size(); i++) {
            byte @Nullable [] document = read.documents().get(i);
            if (document != null) {
                rows.add(new Row(rowKeys.get(i), document));
            } else {
                rowless.add(others.get(i));
                rowlessKeys.add(rowKeys.get(i));
            }
        }
        comparison.some(rows, rowless, rowlessKeys);
    }
}
