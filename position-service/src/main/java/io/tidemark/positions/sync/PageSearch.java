package io.tidemark.positions.sync;

import io.tidemark.positions.feed.OrderPage;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the page on which the last order taken in stands, oldest first, by few looks at pages. Pure; used by one thread.
 *
 * <p>Ids are given in order, so no order stands on a higher page than it would if no id were missing: that bounds the
 * search before the first call. Then each look tells how ids lie on pages, from which the next look is guessed; after a
 * guess that did not halve what is left, the next look halves it, and after two of them every look does. Pages that
 * move meanwhile cost more looks, never orders: the page found always begins at or before the last order.
 */
public final class PageSearch {
    /** What is left is then so little that a guess is as good as a half. */
    private static final long FEW = 8;

    private static final int WRONG_GUESSES = 2;

    /** From here on it is more likely that the hint is a little too high than that it is far off. */
    private static final long MANY = 64;

    private final long lastId;
    private final int perPage;

    private long page;
    private long low = 1;
    private long high;
    /** The highest page seen to end before the last order. */
    private @Nullable Sight below;
    /** The lowest page seen to begin after the last order. */
    private @Nullable Sight above;

    private boolean endSeen;
    /** Whether a page was expected above {@link #below} where the feed has ended already: a guess went too far. */
    private boolean wentTooFar;

    private boolean guessed;
    private @Nullable Sight guessedFrom;
    private int wrongGuesses;
    private long left;
    private long chase = 1;
    private int looks;

    /**
     * @param lastId the last order taken in, 1 and up
     * @param hint the page where it probably is
     */
    public PageSearch(long lastId, int perPage, long hint) {
        this.lastId = lastId;
        this.perPage = perPage;
        this.high = Math.max(1, (lastId + perPage - 1) / perPage);
        this.page = Math.min(Math.max(1, hint), high);
    }

    /** The page to be looked at next; once found, the page found. */
    public long page() {
        return page;
    }

    /** How many pages were looked at. */
    public int looks() {
        return looks;
    }

    /** Takes in what stands on {@link #page()}. True when it is the page to go on from. */
    public boolean isFound(OrderPage shown) {
        looks++;
        if (shown.isEmpty()) {
            return page == 1 || goOnBelowEmpty();
        }
        boolean beginsAtOrBefore = shown.firstId() <= lastId;
        if (beginsAtOrBefore && (shown.lastId() >= lastId || shown.last())) {
            return true;
        }
        return beginsAtOrBefore ? goOnAbove(shown) : page == 1 || goOnBelow(shown);
    }

    private boolean goOnAbove(OrderPage shown) {
        boolean nextBeginsAfter = above != null && above.page() == page + 1;
        if (nextBeginsAfter || page >= high || chase > 1) {
            // The last order itself is gone, or pages move too fast to tell; what follows it is not before this page.
            return true;
        }
        below = Sight.before(page, shown, perPage);
        low = page + 1;
        page = next();
        return false;
    }

    private boolean goOnBelow(OrderPage shown) {
        above = Sight.after(page, shown, perPage);
        high = page - 1;
        page = low > high ? onceMore() : next();
        return false;
    }

    /**
     * The page before ended before the last order, but orders may have moved onto it since: it is looked at again, and
     * farther down each time while they go on moving.
     */
    private long onceMore() {
        low = Math.max(1, high - chase + 1);
        chase *= 2;
        return low;
    }

    private boolean goOnBelowEmpty() {
        wentTooFar |= below != null;
        high = page - 1;
        boolean justPastTheEnd = !endSeen && high - low >= MANY && below == null && above == null;
        endSeen = true;
        if (low > high) {
            page = onceMore();
        } else {
            page = justPastTheEnd ? high - (high - low) / 16 : next();
        }
        return false;
    }

    private long next() {
        long size = high - low + 1;
        boolean halved = size * 2 <= left + 1;
        left = size;
        boolean mayGuess = size <= FEW || !guessed || halved;
        wrongGuesses += guessed && !halved ? 1 : 0;
        guessed = false;
        if (mayGuess && (size <= FEW || wrongGuesses < WRONG_GUESSES)) {
            OptionalLong guess = guess();
            if (guess.isPresent()) {
                guessed = true;
                guessedFrom = below;
                return guess.getAsLong();
            }
        }
        return halving(size);
    }

    private long halving(long size) {
        Sight under = below;
        if (under == null && above == null) {
            return low + (size - 1) / 2;
        }
        if (under != null && above == null && endSeen && under.page() <= FEW / 2 && (high / low >= 2 || low == 2)) {
            // The end may be as near as the beginning.
            return within(Math.max(under.page() + 2, under.page() * 2));
        }
        return above == null && high / low > 4 ? within((long) Math.sqrt((double) low * high)) : low + (high - low) / 2;
    }

    /** Where the order stands if ids lie as on the pages seen; empty when that cannot be, or was tried. */
    private OptionalLong guess() {
        if (below != null && above != null) {
            return OptionalLong.of(within(between(below, above)));
        }
        if (above != null) {
            long fromAbove = above.pageOf(lastId, perPage);
            return possible(isLeft(fromAbove) ? fromAbove : above.pageOnAverage(lastId, perPage));
        }
        if (below == null || below.equals(guessedFrom)) {
            return OptionalLong.empty();
        }
        long fromBelow = below.pageOf(lastId, perPage);
        long onAverage = below.pageOnAverage(lastId, perPage);
        boolean cautious = wentTooFar && isLeft(onAverage) && fromBelow - below.page() > FEW;
        return possible(cautious || !isLeft(fromBelow) ? onAverage : fromBelow);
    }

    /** Where a jump of the ids lies between two pages, only one of them can tell; else they agree, or share. */
    private long between(Sight under, Sight over) {
        long fromBelow = under.pageOf(lastId, perPage);
        long fromAbove = over.pageOf(lastId, perPage);
        if (isLeft(fromBelow) != isLeft(fromAbove)) {
            return isLeft(fromBelow) ? fromBelow : fromAbove;
        }
        if (isLeft(fromBelow) && Math.abs(fromBelow - fromAbove) <= Math.max(1, (high - low) / FEW)) {
            return (fromBelow + fromAbove) / 2;
        }
        double share = (double) (lastId - under.id()) / (over.id() - under.id());
        return under.page() + Math.round(share * (over.page() - under.page()));
    }

    private OptionalLong possible(long guess) {
        return isLeft(guess) ? OptionalLong.of(guess) : OptionalLong.empty();
    }

    private boolean isLeft(long candidate) {
        return candidate >= low && candidate <= high;
    }

    private long within(long candidate) {
        return Math.min(high, Math.max(low, candidate));
    }
}
