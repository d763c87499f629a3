package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.table.Target;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the entries of a cache that are what their rows say from the others. Thread-safe. */
final class Comparing {
    private final Target target;
    private final Entries entries;
    private final Held held;

    Comparing(Target target, Entries entries, Held held) {
        this.target = target;
        this.entries = entries;
        this.held = held;
    }

    /**
     * Which entries are right; those that expire have their whole time again.
     *
     * @param documents for each key what its row gives, null where there is no row: right is then that there is nothing
     */
    BitSet right(List<String> keys, List<byte @Nullable []> documents) {
        List<byte @Nullable []> values = held.values(target.cache().format(), keys);
        BitSet same = new BitSet(keys.size());
        BitSet absent = new BitSet(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            byte[] value = values.get(i);
            byte[] document = documents.get(i);
            if (document == null) {
                absent.set(i, !held.isThere(keys.get(i)));
            } else {
                same.set(i, value != null && target.cache().format().holds(value, document));
            }
        }
        keepWhole(keys, same);
        same.or(absent);
        return same;
    }

    /** Which keys hold something of the cache's type. */
    BitSet held(List<String> keys) {
        List<byte @Nullable []> values = held.values(target.cache().format(), keys);
        BitSet there = new BitSet(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            there.set(i, values.get(i) != null);
        }
        return there;
    }

    /** A value without its meta is no entry to readers of the contract. */
    private void keepWhole(List<String> keys, BitSet same) {
        List<String> sameKeys = same.stream().mapToObj(keys::get).toList();
        if (target.cache().ttlMillis() == 0) {
            if (!held.allHaveMeta(sameKeys)) {
                same.clear();
            }
            return;
        }
        List<Boolean> there = entries.prolong(target.cache().ttlMillis(), sameKeys);
        int next = 0;
        for (int i = same.nextSetBit(0); i >= 0; i = same.nextSetBit(i + 1)) {
            same.set(i, there.get(next++));
        }
    }
}
