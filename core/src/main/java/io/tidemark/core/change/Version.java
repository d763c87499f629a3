package io.tidemark.core.change;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a change stands in the change stream; totally ordered by epoch, then commit LSN, then event LSN, then index.
 *
 * <p>An event LSN alone does not order the stream: a transaction that wrote its rows early may commit late, and its
 * changes are then delivered late with low event LSNs. Transactions are delivered in the order of their commits, so the
 * newest commit before a change comes first, and the event LSN orders the changes within one transaction.
 *
 * <p>The {@linkplain #text() text} has a fixed width, so that comparing two texts byte by byte is comparing the
 * versions. Redis needs that: its numbers are doubles and cannot hold an LSN.
 *
 * @param epoch which life of the change stream, 1 and up, at most 65,535
 * @param commitLsn where the newest commit before the change's own transaction ends in the WAL, unsigned, as Debezium's
 *     {@code source.sequence} has it; 0 for a row read by a snapshot before any commit was streamed
 * @param eventLsn LSN of the change itself, unsigned
 * @param index place among changes that share all of the above, at most 65,535: the delete that a changed primary key
 *     leaves behind is 0, everything else 1
 */
public record Version(int epoch, long commitLsn, long eventLsn, int index) implements Comparable<Version> {

    /** Lower than every version a change can have: what an entry without a fence is compared with. */
    public static final Version NONE = new Version(0, 0, 0, 0);

    /** How many characters {@link #text()} has. */
    public static final int TEXT_LENGTH = 4 + 1 + 16 + 1 + 16 + 1 + 4;

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{4})-([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{4})");

    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::epoch)
            .thenComparing((a, b) -> Long.compareUnsigned(a.commitLsn, b.commitLsn))
            .thenComparing((a, b) -> Long.compareUnsigned(a.eventLsn, b.eventLsn))
            .thenComparingInt(Version::index);

    public Version {
        requireUnsignedShort("epoch", epoch);
        requireUnsignedShort("index", index);
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException when the text is not a version
     */
    public static Version parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a version like "
                    + new Version(1, 0x16B3748, 0x16B36F0, 1).text() + ", found \"" + text + "\"");
        }
        return new Version(
                Integer.parseInt(matcher.group(1), 16),
                Long.parseUnsignedLong(matcher.group(2), 16),
                Long.parseUnsignedLong(matcher.group(3), 16),
                Integer.parseInt(matcher.group(4), 16));
    }

    /** The version as {@value #TEXT_LENGTH} characters of lower-case hexadecimal, ordered as the version is. */
    public String text() {
        StringBuilder text = new StringBuilder(TEXT_LENGTH);
        appendHex(text, epoch, 4);
        appendHex(text.append('-'), commitLsn, 16);
        appendHex(text.append('-'), eventLsn, 16);
        appendHex(text.append('-'), index, 4);
        return text.toString();
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    /** Whether this stands later in the stream than the other. */
    public boolean isNewerThan(Version other) {
        return compareTo(other) > 0;
    }

    @Override
    public String toString() {
        return text();
    }

    private static void appendHex(StringBuilder text, long value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            text.append(Character.forDigit((int) (value >>> shift) & 0xF, 16));
        }
    }

    private static void requireUnsignedShort(String name, int value) {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("expected a version's " + name + " from 0 to 65535, found " + value);
        }
    }
}
