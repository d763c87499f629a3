package io.tidemark.positions.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When a partition's end was where, so that the age of a record is known by its offset without reading it. The older a moment is, the
 * fewer are remembered: each age is right to about a fiftieth of itself, and to a second. Not thread-safe.
 */
final class EndSeries {
    private static final Duration KEPT = Duration.ofHours(72);
    private static final int PART = 50;
    private static final int THIN_EVERY = 64;

    private final List<Moment> moments = new ArrayList<>();
    private int sinceThinned;

    private record Moment(Instant at, long end) {}

    /**
     * How old a record is.
     *
     * @param atLeast whether it may be older: it came before anybody looked
     */
    record Age(Duration age, boolean atLeast) {
        static final Age NONE = new Age(Duration.ZERO, false);
    }

    /** The end was here at this moment. A partition whose end goes back was made anew. */
    void add(Instant at, long end) {
        int last = moments.size() - 1;
        if (last >= 0 && end < moments.get(last).end()) {
            moments.clear();
            last = -1;
        }
        // While nothing comes, the last of two moments with one end is enough.
        if (last >= 1 && moments.get(last).end() == end && moments.get(last - 1).end() == end) {
            moments.remove(last);
        }
        moments.add(new Moment(at, end));
        if (++sinceThinned >= THIN_EVERY) {
            sinceThinned = 0;
            thin(at);
        }
    }

    /** The age of the first record at or after an offset; none when there is no such record. */
    Age ageOf(long offset, Instant now) {
        int after = firstEndAbove(offset);
        if (after == moments.size()) {
            return Age.NONE;
        }
        Moment later = moments.get(after);
        if (after == 0) {
            return new Age(positive(Duration.between(later.at(), now)), true);
        }
        Moment before = moments.get(after - 1);
        double part = (offset - before.end() + 1.0) / (later.end() - before.end());
        long millis =
                Math.round(part * Duration.between(before.at(), later.at()).toMillis());
        return new Age(positive(Duration.between(before.at().plusMillis(millis), now)), false);
    }

    private static Duration positive(Duration age) {
        return age.isNegative() ? Duration.ZERO : age;
    }

    private int firstEndAbove(long offset) {
        int from = 0;
        int to = moments.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (moments.get(middle).end() > offset) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    /** How many moments are remembered. */
    int size() {
        return moments.size();
    }

    private void thin(Instant now) {
        List<Moment> kept = new ArrayList<>();
        for (int i = 0; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            Duration age = Duration.between(moment.at(), now);
            boolean last = i == moments.size() - 1;
            boolean apart = kept.isEmpty()
                    || Duration.between(kept.get(kept.size() - 1).at(), moment.at())
                                    .compareTo(age.dividedBy(PART))
                            >= 0;
            if (last || (apart && age.compareTo(KEPT) <= 0)) {
                kept.add(moment);
            }
        }
        moments.clear();
        moments.addAll(kept);
    }
}
