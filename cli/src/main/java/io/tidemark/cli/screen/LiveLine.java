package io.tidemark.cli.screen;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Renders how it goes as one line. Stateless. */
public final class LiveLine {
    private static final String GAP = "  ";

    private LiveLine() {}

    /**
     * How it goes at one moment.
     *
     * @param written row changes that the shop committed
     * @param writtenPerSecond the same as a rate
     * @param applied changes that cache-writer has dealt with
     * @param p50Millis freshness, commit to readable: half of the changes are quicker
     * @param p99Millis the same for 99 in 100
     * @param keys keys in Redis, the metas of entries among them
     * @param drift the last comparison; null when there was none yet
     */
    public record Sample(
            long written,
            double writtenPerSecond,
            OptionalLong applied,
            OptionalDouble p50Millis,
            OptionalDouble p99Millis,
            OptionalLong keys,
            @Nullable Drift drift) {}

    /** What the last comparison found, and how long ago that was. */
    public record Drift(long entries, Duration age) {}

    /** The fullest form that has fewer characters than {@code width}. */
    public static String render(Sample sample, int width) {
        String written = "written " + Numbers.grouped(sample.written());
        String rate = String.format(Locale.ROOT, " (%,.0f/s)", sample.writtenPerSecond());
        String applied = "applied " + text(sample.applied());
        String keys = "keys " + text(sample.keys());
        List<String> forms = List.of(
                String.join(GAP, written + rate, applied, freshness(sample, "freshness "), keys, drift(sample, true)),
                String.join(GAP, written + rate, applied, freshness(sample, ""), keys, drift(sample, true)),
                String.join(GAP, written, applied, freshness(sample, ""), keys, drift(sample, false)),
                String.join(GAP, applied, freshness(sample, ""), drift(sample, false)));
        for (String form : forms) {
            if (form.length() < width) {
                return form;
            }
        }
        String shortest = forms.get(forms.size() - 1);
        return shortest.substring(0, Math.max(0, Math.min(shortest.length(), width - 1)));
    }

    private static String freshness(Sample sample, String title) {
        return title + "p50 " + Numbers.millis(sample.p50Millis()) + " p99 " + Numbers.millis(sample.p99Millis());
    }

    private static String drift(Sample sample, boolean withAge) {
        Drift drift = sample.drift();
        if (drift == null) {
            return "drift –";
        }
        String age = withAge ? " (" + drift.age().toSeconds() + " s ago)" : "";
        return "drift " + Numbers.grouped(drift.entries()) + age;
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Numbers.grouped(number.getAsLong()) : "–";
    }
}
