package io.tidemark.testkit.orders;

import java.util.Arrays;
import java.util.BitSet;
import java.util.NoSuchElementException;

/**
 * Which order ids exist: one bit an id, with counts by block, so that the n-th order of hundreds of thousands is found
 * at once. Not thread-safe.
 */
final class OrderIds {
    private static final int BLOCK = 4_096;

    private final BitSet present = new BitSet();
    private int[] inBlock = new int[64];
    private int count;

    /** Ids run from 1 up. */
    void add(int id) {
        if (!present.get(id)) {
            present.set(id);
            int block = id / BLOCK;
            if (block >= inBlock.length) {
                inBlock = Arrays.copyOf(inBlock, Math.max(block + 1, inBlock.length * 2));
            }
            inBlock[block]++;
            count++;
        }
    }

    /** Whether it was there. */
    boolean remove(int id) {
        boolean there = present.get(id);
        if (there) {
            present.clear(id);
            inBlock[id / BLOCK]--;
            count--;
        }
        return there;
    }

    boolean contains(int id) {
        return id >= 0 && present.get(id);
    }

    int count() {
        return count;
    }

    /** The highest id; 0 when there is none. */
    int last() {
        return Math.max(0, present.length() - 1);
    }

    /** How many ids are lower than this one. */
    int countBelow(int id) {
        int below = 0;
        int block = id / BLOCK;
        for (int i = 0; i < Math.min(block, inBlock.length); i++) {
            below += inBlock[i];
        }
        return below + present.get(block * BLOCK, Math.max(block * BLOCK, id)).cardinality();
    }

    /** The id at that place, counted from 0. */
    int at(int index) {
        if (index < 0 || index >= count) {
            throw new NoSuchElementException("place " + index + " of " + count);
        }
        int left = index;
        int block = 0;
        while (left >= inBlock[block]) {
            left -= inBlock[block++];
        }
        int id = present.nextSetBit(block * BLOCK);
        for (; left > 0; left--) {
            id = present.nextSetBit(id + 1);
        }
        return id;
    }

    /** Up to {@code limit} ids from that one on, itself included, ascending. */
    int[] from(int id, int limit) {
        int[] found = new int[limit];
        int size = 0;
        for (int at = present.nextSetBit(Math.max(0, id)); at >= 0 && size < limit; at = present.nextSetBit(at + 1)) {
            found[size++] = at;
        }
        return Arrays.copyOf(found, size);
    }

    /** Up to {@code limit} ids down from that one, itself included, descending. */
    int[] downFrom(int id, int limit) {
        int[] found = new int[limit];
        int size = 0;
        for (int at = present.previousSetBit(Math.max(-1, id)); at >= 0 && size < limit; ) {
            found[size++] = at;
            at = at == 0 ? -1 : present.previousSetBit(at - 1);
        }
        return Arrays.copyOf(found, size);
    }
}
