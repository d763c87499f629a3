package io.tidemark.core.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads between which times to live the entries of a cache may be moved. */
final class TtlRangeReader {
    static final String NAME = "ttl_by_use";

    private final Problems problems;

    TtlRangeReader(Reading reading) {
        this.problems = reading.problems();
    }

    /**
     * The range of one cache; null for none, and where something is wrong with it.
     *
     * @param cache the section of the cache
     * @param ttl how long its entries live; null for ever
     * @param resync what keeps it right; null when the file says nothing
     */
    @Nullable
    TtlRange range(Section cache, @Nullable Duration ttl, @Nullable ResyncSettings resync) {
        if (cache.value(NAME) == null) {
            return null;
        }
        Section section = cache.section(NAME);
        section.require("least", "what entries live that nobody asks for, like 30m");
        section.require("most", "what those live that are asked for most, like 12h");
        Setting leastSaid = section.text("least");
        Setting mostSaid = section.text("most");
        section.refuseUnknown();
        Duration least = span(leastSaid);
        Duration most = span(mostSaid);
        if (ttl == null) {
            problems.add(
                    cache.placeOfName(NAME),
                    "there is nothing to move: without a ttl entries do not expire; say a ttl, or leave out " + NAME);
            return null;
        }
        if (leastSaid == null || mostSaid == null || least == null || most == null) {
            return null;
        }
        boolean fine = true;
        if (least.compareTo(ttl) > 0) {
            problems.add(
                    leastSaid.place(), "expected at most the cache's ttl of " + words(ttl) + ", found " + words(least));
            fine = false;
        }
        if (most.compareTo(ttl) < 0) {
            problems.add(
                    mostSaid.place(), "expected at least the cache's ttl of " + words(ttl) + ", found " + words(most));
            fine = false;
        }
        Duration interval = resync == null ? null : resync.interval();
        if (interval != null && least.compareTo(interval) <= 0) {
            problems.add(
                    leastSaid.place(),
                    "expected more than the resync's interval of " + words(interval) + ", found " + words(least)
                            + ": entries would expire before the next resync brings them back");
            fine = false;
        }
        return fine ? new TtlRange(least, most) : null;
    }

    private @Nullable Duration span(@Nullable Setting setting) {
        if (setting == null) {
            return null;
        }
        Duration span = TtlText.parse(setting.text()).orElse(null);
        if (span == null) {
            problems.add(
                    setting.place(),
                    "expected a whole number above 0 and a unit, like 90s, 30m, 2h or 7d, found \"" + setting.text()
                            + "\"");
        }
        return span;
    }

    private static String words(Duration span) {
        return span.toSeconds() + " s";
    }
}
