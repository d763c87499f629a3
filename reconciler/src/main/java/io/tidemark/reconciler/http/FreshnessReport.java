package io.tidemark.reconciler.http;

import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.core.freshness.Progress;
import io.tidemark.reconciler.kafka.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Up to where Redis is right.
 *
 * @param epoch the change stream's epoch; null when nothing was published yet
 * @param appliedLsn every change committed up to here is in Redis; null when that is not known
 * @param publishedLsn every change committed up to here is in Kafka; null when nothing was published yet
 * @param sourceLsn where PostgreSQL's WAL stands; null when it does not answer
 * @param behindBytes WAL between what is applied and where the WAL stands
 * @param behindMillis how long ago Redis was right up to the WAL's end; 0 when it is now
 */
@Serdeable
public record FreshnessReport(
        @Nullable Integer epoch,
        @Nullable String appliedLsn,
        @Nullable String publishedLsn,
        @Nullable String sourceLsn,
        @Nullable Long behindBytes,
        @Nullable Long behindMillis) {

    /** Makes a report of this moment. */
    public interface Source {
        FreshnessReport now();
    }

    /** The report of what is known. */
    public static FreshnessReport of(
            @Nullable Progress applied, @Nullable Progress published, @Nullable String source, Instant now) {
        String end = source != null || published == null ? source : Lsn.text(published.publishedLsn());
        Long bytes = null;
        Long millis = null;
        if (applied != null && end != null) {
            bytes = Math.max(0, Lsn.parse(end) - applied.publishedLsn());
            long age = ChronoUnit.MILLIS.between(Instant.EPOCH, now) - applied.atMicros() / 1000;
            millis = bytes == 0 ? 0 : Math.max(0, age);
        }
        return new FreshnessReport(
                published == null ? null : published.epoch(),
                applied == null ? null : Lsn.text(applied.publishedLsn()),
                published == null ? null : Lsn.text(published.publishedLsn()),
                source,
                bytes,
                millis);
    }
}
