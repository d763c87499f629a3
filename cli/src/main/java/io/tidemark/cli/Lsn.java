package io.tidemark.cli;

/** A position in PostgreSQL's WAL in its text form, such as {@code 16/B374D848}; unsigned. */
final class Lsn {
    private Lsn() {}

    /** @throws IllegalArgumentException when the text is no position */
    static long parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("expected a WAL position such as 16/B374D848; found '" + text + "'");
        }
        return (Long.parseLong(text.substring(0, slash), 16) << 32) | Long.parseLong(text.substring(slash + 1), 16);
    }

    static String text(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT) + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
