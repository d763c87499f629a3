package io.tidemark.ingest.epoch;

import java.util.Locale;

/** A place in PostgreSQL's WAL, in the form PostgreSQL prints it. */
public final class Lsn {
    private Lsn() {}

    /** The form {@code 0/16B3748}. */
    public static String text(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(Locale.ROOT) + "/"
                + Long.toHexString(lsn & 0xFFFFFFFFL).toUpperCase(Locale.ROOT);
    }

    /**
     * Reads the form {@code 0/16B3748}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("expected an LSN like 0/16B3748, found \"" + text + "\"");
        }
        return Long.parseUnsignedLong(text.substring(0, slash), 16) << 32
                | Long.parseUnsignedLong(text.substring(slash + 1), 16);
    }
}
