package io.tidemark.reconciler.sampler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the sampler saw of one cache over a minute, an hour and a day. Thread-safe. */
public final class CacheFigures {
    /** For how long a wrong entry is a reason to look. */
    private static final Duration ALERT = Duration.ofMinutes(10);

    private final Clock clock;
    private final Window minute = new Window(Duration.ofMinutes(1).toMillis(), 12);
    private final Window hour = new Window(Duration.ofHours(1).toMillis(), 60);
    private final Window day = new Window(Duration.ofDays(1).toMillis(), 96);
    private @Nullable Instant lastWrongAt;
    private @Nullable Wrong lastWrong;
    private long checkedInAll;
    private long wrongInAll;

    /**
     * An entry that was wrong.
     *
     * @param kind stale, missing or orphaned
     * @param cause the name of the cause
     */
    public record Wrong(String key, String kind, String cause, String evidence) {}

    CacheFigures(Clock clock) {
        this.clock = clock;
    }

    synchronized void record(long checked, long wrong) {
        long now = clock.millis();
        minute.record(now, checked, wrong);
        hour.record(now, checked, wrong);
        day.record(now, checked, wrong);
        checkedInAll += checked;
        wrongInAll += wrong;
        if (wrong > 0) {
            lastWrongAt = clock.instant();
        }
    }

    synchronized void lastWrong(Wrong wrong) {
        lastWrong = wrong;
    }

    public synchronized Figure minute() {
        return minute.figure(clock.millis());
    }

    public synchronized Figure hour() {
        return hour.figure(clock.millis());
    }

    public synchronized Figure day() {
        return day.figure(clock.millis());
    }

    public synchronized Figure inAll() {
        return new Figure(checkedInAll, wrongInAll);
    }

    /** Whether an entry was wrong in the last ten minutes. */
    public synchronized boolean isAlert() {
        return lastWrongAt != null && lastWrongAt.plus(ALERT).isAfter(clock.instant());
    }

    /** The last entry that was wrong, since the start. */
    public synchronized Optional<Wrong> lastWrong() {
        return Optional.ofNullable(lastWrong);
    }
}
