package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.Row;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Compares one cache with its table: every row with its entry, page by page in the order of the primary key, then every
 * key of the cache's form that no row had. What differs is looked at again before it is called drift. Memory does not
 * grow with the table. Not thread-safe; the tally may be read meanwhile.
 */
final class CacheComparison {
    private static final int KEYS_REMEMBERED = 3 << 20;
    private static final int KEYS_AT_ONCE = 1000;

    private final Subject cache;
    private final Rows paged;
    private final Rows rows;
    private final Entries entries;
    private final Lock turn;
    private final Tally tally;
    private final SecondLook secondLook;
    private final Findings findings;
    private final Order order;
    private final Steering steering;
    private final SeenKeys seen = new SeenKeys(KEYS_REMEMBERED);
    private final SeenKeys asked = new SeenKeys(KEYS_REMEMBERED / 2);

    /**
     * @param paged the rows, to be read page by page
     * @param compared the same rows, to be asked for meanwhile, and what they are compared with
     */
    CacheComparison(
            Subject cache,
            Rows paged,
            Compared compared,
            Order order,
            Steering steering,
            Tally tally,
            Findings findings) {
        this.cache = cache;
        this.paged = paged;
        this.rows = compared.rows();
        this.entries = compared.entries();
        this.turn = compared.turn();
        this.tally = tally;
        this.findings = findings;
        this.order = order;
        this.steering = steering;
        this.secondLook = new SecondLook(compared, cache, tally, findings);
    }

    void run() throws SQLException, InterruptedException, NotAppliedException {
        tally.estimated(rows.estimate());
        boolean all = compareRows();
        secondLook.finish();
        if (all) {
            compareKeys();
            secondLook.finish();
        }
        findings.finish();
        if (all) {
            tally.completed();
        } else {
            tally.limited();
        }
    }

    /** Compares the entries of some rows, which are taken out of their list, and some that have none, and nothing else. */
    void some(List<Row> page, List<String> rowless, List<ObjectNode> rowlessKeys)
            throws SQLException, InterruptedException, NotAppliedException {
        if (!page.isEmpty()) {
            compare(page);
        }
        for (int i = 0; i < rowless.size(); i++) {
            secondLook.add(rowless.get(i), rowlessKeys.get(i));
        }
        secondLook.finish();
        findings.finish();
    }

    /** How many entries differed and could not be looked at again. */
    int undecided() {
        return secondLook.waiting();
    }

    /** Answers whether all rows were looked at, and not only as many as were ordered. */
    private boolean compareRows() throws SQLException, InterruptedException, NotAppliedException {
        long left = order.mostRows() == 0 ? Long.MAX_VALUE : order.mostRows();
        try (PageReader pages = new PageReader(paged, order.batchSize())) {
            for (List<Row> page = pages.next(); page != null; page = pages.next()) {
                if (page.size() > left) {
                    if (left > 0) {
                        compare(page.subList(0, (int) left));
                    }
                    return false;
                }
                left -= page.size();
                if (!page.isEmpty()) {
                    compare(page);
                }
            }
        }
        return true;
    }

    /** Compares rows and takes them out of the list. */
    private void compare(List<Row> page) throws SQLException, InterruptedException, NotAppliedException {
        steering.before(page.size());
        turn.lockInterruptibly();
        Map<String, ObjectNode> differing;
        try {
            differing = differing(page);
        } finally {
            turn.unlock();
        }
        // What is looked at again needs the memory.
        page.clear();
        for (Map.Entry<String, ObjectNode> entry : differing.entrySet()) {
            secondLook.add(entry.getKey(), entry.getValue());
        }
    }

    /** The keys of entries and of rows that differ at first sight. */
    private Map<String, ObjectNode> differing(List<Row> page)
            throws SQLException, InterruptedException, NotAppliedException {
        List<String> keys = new ArrayList<>(page.size());
        for (Row row : page) {
            String key = cache.key().render(row.key());
            keys.add(key);
            seen.add(key);
        }
        List<byte @Nullable []> values = entries.values(keys);
        List<String> sameKeys = new ArrayList<>(page.size());
        BitSet differing = new BitSet(page.size());
        int notKept = 0;
        for (int i = 0; i < page.size(); i++) {
            byte @Nullable [] value = values.get(i);
            if (value != null && cache.format().holds(value, page.get(i).document())) {
                sameKeys.add(keys.get(i));
            } else if (value == null && !cache.keptWhole()) {
                notKept++;
            } else {
                differing.set(i);
            }
        }
        boolean whole = !cache.keptWhole() || sameKeys.isEmpty() || entries.allHaveMeta(sameKeys);
        tally.read(page.size(), whole ? sameKeys.size() : 0, notKept);
        if (!whole) {
            differing.set(0, page.size());
        }
        if (whole && !sameKeys.isEmpty()) {
            findings.right(sameKeys);
        }
        Map<String, ObjectNode> found = new LinkedHashMap<>();
        differing.stream().forEach(i -> found.put(keys.get(i), page.get(i).key()));
        return found;
    }

    private void compareKeys() throws SQLException, InterruptedException, NotAppliedException {
        List<String> keys = new ArrayList<>();
        List<ObjectNode> rowKeys = new ArrayList<>();
        long scanned = 0;
        for (Iterator<String> scan = entries.matching(cache.key().scanPattern()); scan.hasNext(); ) {
            if (scanned++ % KEYS_AT_ONCE == 0) {
                steering.before(KEYS_AT_ONCE);
            }
            String key = scan.next();
            Optional<ObjectNode> rowKey = seen.contains(key) || asked.contains(key)
                    ? Optional.empty()
                    : cache.key().match(key).flatMap(rows::keyOf);
            if (rowKey.isPresent()) {
                asked.add(key);
                keys.add(key);
                rowKeys.add(rowKey.get());
            }
            if (keys.size() == KEYS_AT_ONCE) {
                suspectThoseWithoutRow(keys, rowKeys);
            }
        }
        suspectThoseWithoutRow(keys, rowKeys);
    }

    private void suspectThoseWithoutRow(List<String> keys, List<ObjectNode> rowKeys)
            throws SQLException, InterruptedException, NotAppliedException {
        if (!keys.isEmpty()) {
            List<Boolean> exist = rows.exist(rowKeys);
            for (int i = 0; i < keys.size(); i++) {
                if (!exist.get(i)) {
                    secondLook.add(keys.get(i), rowKeys.get(i));
                }
            }
            keys.clear();
            rowKeys.clear();
        }
    }
}
