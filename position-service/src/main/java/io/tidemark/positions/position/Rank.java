package io.tidemark.positions.position;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far along a position is; totally ordered by generation, last order, certainty, revision and page, in that order.
 *
 * <p>Orders are compared before pages, because pages move under the reader: when the shop deletes orders, the same last
 * order stands on a lower page. For the same last order a recorded page outranks a calculated one, whichever is higher;
 * a recorded page is lowered only by a revision, that is a page which the API itself has shown; and the last order is
 * lowered only by a new generation, that is a rewind by a person.
 *
 * <p>The {@linkplain #text() text} has a fixed width, so that Redis, whose numbers are doubles, compares ranks as texts.
 *
 * @param generation how often a person has rewound this store
 * @param lastId the last order taken in; 0 for none
 * @param certainty how sure the page is
 * @param revision how often the page was corrected since this order was taken in
 * @param page the page, 1 and up
 */
public record Rank(long generation, long lastId, Certainty certainty, int revision, long page)
        implements Comparable<Rank> {

    /** How many characters {@link #text()} has. */
    public static final int TEXT_LENGTH = 10 + 1 + 19 + 1 + 1 + 1 + 10 + 1 + 19;

    private static final long MOST_GENERATIONS = 9_999_999_999L;
    private static final Pattern TEXT = Pattern.compile("(\\d{10})-(\\d{19})-([0-2])-(\\d{10})-(\\d{19})");
    private static final Comparator<Rank> ORDER = Comparator.comparingLong(Rank::generation)
            .thenComparingLong(Rank::lastId)
            .thenComparing(Rank::certainty)
            .thenComparingInt(Rank::revision)
            .thenComparingLong(Rank::page);

    /** @throws IllegalArgumentException when a part is out of its range */
    public Rank {
        if (generation < 0 || generation > MOST_GENERATIONS || lastId < 0 || revision < 0 || page < 1) {
            throw new IllegalArgumentException(
                    "expected generation, last id and revision of 0 or more and a page of 1 or"
                            + " more, found generation " + generation + ", last id " + lastId + ", revision " + revision
                            + ", page " + page);
        }
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException when the text is not a rank
     */
    public static Rank parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a rank of " + TEXT_LENGTH + " digits and hyphens, found "
                    + text.length() + " characters of another form");
        }
        return new Rank(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Certainty.values()[Integer.parseInt(matcher.group(3))],
                Integer.parseInt(matcher.group(4)),
                Long.parseLong(matcher.group(5)));
    }

    /** The rank as {@value #TEXT_LENGTH} characters, ordered as the rank is. */
    public String text() {
        return String.join(
                "-",
                padded(generation, 10),
                padded(lastId, 19),
                padded(certainty.ordinal(), 1),
                padded(revision, 10),
                padded(page, 19));
    }

    @Override
    public int compareTo(Rank other) {
        return ORDER.compare(this, other);
    }

    private static String padded(long number, int width) {
        String digits = Long.toString(number);
        return "0".repeat(width - digits.length()) + digits;
    }
}
