package io.tidemark.reconciler.verify;

import java.util.Random;

/**
 * Remembers keys in bounded memory, by 64-bit hashes: a key it knows was seen, one it does not know may have been. Two
 * keys in a billion billion share a hash. Not thread-safe.
 */
final class SeenKeys {
    private static final int SMALLEST = 1 << 10;

    private final int mostSlots;
    private final long seed;
    private long[] slots = new long[SMALLEST];
    private int size;

    /** @param mostKeys how many keys to remember, about; eight to sixteen bytes each */
    SeenKeys(int mostKeys) {
        // Three quarters of the slots are filled at most.
        this.mostSlots = Math.max(SMALLEST, Integer.highestOneBit(mostKeys / 3 * 4) * 2);
        this.seed = new Random().nextLong();
    }

    /** Remembers a key, if there is room. */
    void add(String key) {
        if (size * 4L >= slots.length * 3L) {
            if (slots.length >= mostSlots) {
                return;
            }
            grow();
        }
        insert(hash(key));
    }

    boolean contains(String key) {
        long hash = hash(key);
        int at = (int) hash & (slots.length - 1);
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return true;
            }
            at = (at + 1) & (slots.length - 1);
        }
        return false;
    }

    private void insert(long hash) {
        int at = (int) hash & (slots.length - 1);
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return;
            }
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = hash;
        size++;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        size = 0;
        for (long hash : old) {
            if (hash != 0) {
                insert(hash);
            }
        }
    }

    /** Never 0, which stands for an empty slot. Each character is mixed in as in SplitMix64. */
    private long hash(String key) {
        long hash = seed ^ key.length();
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 30)) * 0x94D049BB133111EBL;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }
}
