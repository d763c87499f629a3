package io.tidemark.cachewriter.kafka;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of a whole topic is.
 *
 * @param partition which partition is read
 * @param slice which part of its keys
 * @param slices how many such parts there are
 * @param offset from where on
 */
record TopicCursor(int partition, int slice, int slices, long offset) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\d{1,9})/([1-9]\\d{0,8})/(\\d{1,18})");

    /** Before everything. */
    static final TopicCursor BEGINNING = new TopicCursor(-1, 0, 1, 0);

    /** Reads what {@link #toString} wrote; the beginning for anything else. */
    static TopicCursor parse(@Nullable String text) {
        Matcher matcher = TEXT.matcher(text == null ? "" : text);
        return matcher.matches()
                ? new TopicCursor(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        Long.parseLong(matcher.group(4)))
                : BEGINNING;
    }

    @Override
    public String toString() {
        return partition + "/" + slice + "/" + slices + "/" + offset;
    }
}
