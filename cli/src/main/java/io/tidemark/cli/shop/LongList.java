package io.tidemark.cli.shop;

import java.util.Arrays;

/** A growing list of longs from which any element can be taken in one step. Not thread-safe. */
final class LongList {
    private long[] values;
    private int size;

    LongList(int capacity) {
        values = new long[Math.max(4, capacity)];
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    long get(int index) {
        return values[index];
    }

    /** Takes an element out; the last one moves into its place. */
    long take(int index) {
        long taken = values[index];
        values[index] = values[--size];
        return taken;
    }

    int size() {
        return size;
    }
}
