package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.Row;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
    private final Tally tally;
    private final SecondLook secondLook;
    private final SeenKeys seen = new SeenKeys(KEYS_REMEMBERED);
    private final SeenKeys asked = new SeenKeys(KEYS_REMEMBERED / 2);

    /**
     * @param paged the rows, to be read page by page
     * @param rows the same rows, to be asked for meanwhile
     */
    CacheComparison(Subject cache, Rows paged, Rows rows, Entries entries, Applied applied, Tally tally) {
        this.cache = cache;
        this.paged = paged;
        this.rows = rows;
        this.entries = entries;
        this.tally = tally;
        this.secondLook = new SecondLook(rows, entries, applied, tally, cache);
    }

    void run() throws SQLException, InterruptedException, NotAppliedException {
        tally.estimated(rows.estimate());
        compareRows();
        secondLook.finish();
        compareKeys();
        secondLook.finish();
        tally.completed();
    }

    /** How many entries differed and could not be looked at again. */
    int undecided() {
        return secondLook.waiting();
    }

    private void compareRows() throws SQLException, InterruptedException, NotAppliedException {
        try (PageReader pages = new PageReader(paged)) {
            for (List<Row> page = pages.next(); page != null; page = pages.next()) {
                if (!page.isEmpty()) {
                    compare(page);
                }
            }
        }
    }

    private void compare(List<Row> page) throws SQLException, InterruptedException, NotAppliedException {
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
        for (int i = differing.nextSetBit(0); i >= 0; i = differing.nextSetBit(i + 1)) {
            secondLook.add(keys.get(i), page.get(i).key());
        }
    }

    private void compareKeys() throws SQLException, InterruptedException, NotAppliedException {
        List<String> keys = new ArrayList<>();
        List<ObjectNode> rowKeys = new ArrayList<>();
        for (Iterator<String> scan = entries.matching(cache.key().scanPattern()); scan.hasNext(); ) {
            stopWhenInterrupted();
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

    private static void stopWhenInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the comparison was stopped");
        }
    }
}
