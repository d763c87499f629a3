package io.tidemark.reconciler.kafka;

import java.util.Locale;

/** LSNs as PostgreSQL writes them. */
public final class Lsn {

    private Lsn() {}

    /** Such as {@code 0/16B3748}. */
    public static String text(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(Locale.ROOT) + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }

    /** Reads what PostgreSQL writes. */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        return Long.parseUnsignedLong(text.substring(0, slash), 16) << 32
                | Long.parseUnsignedLong(text.substring(slash + 1), 16);
    }
}
