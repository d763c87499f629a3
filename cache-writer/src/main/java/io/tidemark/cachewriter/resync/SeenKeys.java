package io.tidemark.cachewriter.resync;

import java.util.Random;

/**
 * Remembers keys in a fixed space: a key that was added is known, and of a million others about one is taken for known, of ten
 * million in it one in two hundred (a Bloom filter of 16 MB). Salted anew each time, so that no key is overlooked twice. Not thread-safe.
 */
public final class SeenKeys {
    private static final int BITS = 1 << 27;
    private static final int PLACES = 4;

    private final long[] words = new long[BITS / 64];
    private final long salt = new Random().nextLong();

    public void add(String key) {
        long hash = hash(key);
        for (int i = 0; i < PLACES; i++) {
            int bit = bit(hash, i);
            words[bit >>> 6] |= 1L << bit;
        }
    }

    public boolean mayContain(String key) {
        long hash = hash(key);
        for (int i = 0; i < PLACES; i++) {
            int bit = bit(hash, i);
            if ((words[bit >>> 6] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(long hash, int place) {
        return ((int) hash + place * (int) (hash >>> 32 | 1)) & (BITS - 1);
    }

    /** Each character mixed in as in SplitMix64. */
    private long hash(String key) {
        long hash = salt ^ key.length();
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 30)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
