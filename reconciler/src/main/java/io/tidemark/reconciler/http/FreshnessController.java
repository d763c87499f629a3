package io.tidemark.reconciler.http;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.reconciler.kafka.AppliedLsn;
import io.tidemark.reconciler.kafka.Lsn;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says up to which LSN Redis is right, and lets an application wait until it is right up to its own commit. */
@Controller("/api/freshness")
final class FreshnessController {
    private static final int MOST_WAITING = 200;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration USUAL = Duration.ofSeconds(5);

    private final FreshnessReport.Source reports;
    private final AppliedLsn applied;
    private final Semaphore places = new Semaphore(MOST_WAITING);

    FreshnessController(FreshnessReport.Source reports, AppliedLsn applied) {
        this.reports = reports;
        this.applied = applied;
    }

    /**
     * How a wait ended.
     *
     * @param applied whether every change committed at or before the LSN is in Redis
     * @param lsn the LSN that was waited for
     * @param waitedMillis how long it was waited for
     */
    @Serdeable
    record Waited(boolean applied, String lsn, long waitedMillis) {}

    @Get
    @ExecuteOn(TaskExecutors.BLOCKING)
    FreshnessReport freshness() {
        return reports.now();
    }

    /** 200 once it is applied, 504 when that takes longer than the time-out. */
    @Get("/wait")
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<Waited> await(@QueryValue @Nullable String lsn, @QueryValue @Nullable String timeout)
            throws InterruptedException {
        long wanted = lsn(lsn);
        Duration longest = longest(timeout);
        if (!places.tryAcquire()) {
            throw new RefusedException(
                    HttpStatus.TOO_MANY_REQUESTS, "", MOST_WAITING + " requests wait already", "ask again");
        }
        try {
            long began = System.nanoTime();
            boolean isApplied = applied.await(wanted, longest);
            Waited waited =
                    new Waited(isApplied, Lsn.text(wanted), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            return HttpResponse.<Waited>status(isApplied ? HttpStatus.OK : HttpStatus.GATEWAY_TIMEOUT)
                    .body(waited);
        } finally {
            places.release();
        }
    }

    private static long lsn(@Nullable String text) {
        if (text == null || !text.matches("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}")) {
            throw RefusedException.badRequest(
                    "lsn",
                    "expected an LSN such as 0/16B3748",
                    "ask PostgreSQL after the commit: select pg_current_wal_insert_lsn()");
        }
        return Lsn.parse(text);
    }

    private static Duration longest(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        if (!text.matches("\\d{1,6}(ms|s)")) {
            throw RefusedException.badRequest("timeout", "expected a time such as 500ms or 5s", "leave it out for 5s");
        }
        boolean isMillis = text.endsWith("ms");
        long number = Long.parseLong(text.substring(0, text.length() - (isMillis ? 2 : 1)));
        Duration longest = isMillis ? Duration.ofMillis(number) : Duration.ofSeconds(number);
        if (longest.compareTo(LONGEST) > 0) {
            throw RefusedException.badRequest(
                    "timeout", "expected at most " + LONGEST.toSeconds() + "s", "wait again when it is over");
        }
        return longest;
    }
}
