package io.tidemark.cachewriter.resync;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.pipeline.ResyncSettings;
import io.tidemark.core.pipeline.Upkeep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether caches are due to be read again as a whole, and doing so: never two at once of one cache, whoever asks which
 * cache-writer. Thread-safe.
 */
public final class Resyncs {
    private static final Logger LOG = LoggerFactory.getLogger(Resyncs.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Wholes wholes;
    private final Upkeep upkeep;
    private final ResyncStore store;
    private final Jobs jobs;
    private final InstantSource clock;

    public Resyncs(Wholes wholes, Upkeep upkeep, ResyncStore store, Jobs jobs, InstantSource clock) {
        this.wholes = wholes;
        this.upkeep = upkeep;
        this.store = store;
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * What is wished for.
     *
     * @param caches by name; empty for all
     * @param force whether also what is not due is read again
     * @param rate rows a second at most, 0 for as fast as it goes
     */
    public record Wish(List<String> caches, boolean force, long rate) {
        public Wish {
            caches = List.copyOf(caches);
        }
    }

    /** The names of the caches. */
    public List<String> names() {
        return wholes.names();
    }

    /** @throws RefusedException for a name that is none */
    public void check(List<String> caches) {
        for (String cache : caches) {
            if (!wholes.names().contains(cache)) {
                throw new RefusedException(
                        "caches",
                        "there is no cache " + cache + " in the pipeline file",
                        "use one of " + wholes.names());
            }
        }
    }

    /** Which of them a resync would read: all with force, else those that are due. */
    public List<String> due(Wish wish) {
        check(wish.caches());
        return (wish.caches().isEmpty() ? wholes.names() : wish.caches())
                .stream().filter(cache -> wish.force() || needsResync(cache)).toList();
    }

    /** Whether a cache is due. */
    public boolean needsResync(String cache) {
        return settings(cache).isDue(store.last(cache).lastSync(), clock.instant());
    }

    /** When the last good resync ended. */
    public Optional<Instant> lastSync(String cache) {
        return Optional.ofNullable(store.last(cache).lastSync());
    }

    ResyncSettings settings(String cache) {
        return upkeep.resyncOf(cache);
    }

    /** All that is known of a cache, the database's count included. */
    public ObjectNode status(String cache) throws SQLException, InterruptedException {
        ResyncRecord last = store.last(cache);
        Instant now = clock.instant();
        ObjectNode json = JSON.createObjectNode();
        json.put("cache", cache);
        json.put("driver", "redis");
        try (Whole whole = wholes.open(cache)) {
            json.put("exists", whole.exists());
            json.put("product_count", whole.count());
        }
        put(json, "last_sync", last.lastSync());
        if (last.lastSync() == null) {
            json.putNull("minutes_since");
        } else {
            json.put("minutes_since", Duration.between(last.lastSync(), now).toMinutes());
        }
        ResyncSettings settings = settings(cache);
        json.put("strategy", settings.strategy().name().toLowerCase(java.util.Locale.ROOT));
        if (settings.interval() == null) {
            json.putNull("interval_seconds");
        } else {
            json.put("interval_seconds", settings.interval().toSeconds());
        }
        json.put("needs_resync", settings.isDue(last.lastSync(), now));
        ObjectNode result = json.putObject("last_resync");
        result.put("product_count", last.productCount());
        result.put("duration_ms", last.durationMillis());
        result.put("written", last.written());
        result.put("removed", last.removed());
        result.put("error", last.error());
        put(result, "failed_at", last.failedAt());
        put(result, "running_since", last.running());
        return json;
    }

    /** Has a resync done; the job tells of each cache what became of it. */
    public Job submit(Wish wish) {
        check(wish.caches());
        return jobs.submit("resync", job -> run(wish, job));
    }

    /** The same for caches of which the clock said that they are due. */
    Job submitByTime(List<String> caches) {
        return jobs.submit("resync", job -> run(new Wish(caches, false, 0), job));
    }

    private void run(Wish wish, Job job) throws SQLException, InterruptedException {
        ArrayNode told = JSON.createArrayNode();
        SQLException failure = null;
        for (String cache : wish.caches().isEmpty() ? wholes.names() : wish.caches()) {
            if (job.isCancelled()) {
                break;
            }
            try {
                told.add(resync(cache, wish, job));
            } catch (SQLException | EntriesException away) {
                told.add(answer(cache, "failed").put("success", false).put("error", away.getMessage()));
                failure = new SQLException("cache " + cache + ": " + away.getMessage(), away);
            }
            job.tell("caches", told.deepCopy());
        }
        if (failure != null) {
            throw failure;
        }
    }

    private ObjectNode resync(String cache, Wish wish, Job job) throws SQLException, InterruptedException {
        Optional<ResyncStore.Lock> lock = store.lock(cache);
        if (lock.isEmpty()) {
            return answer(cache, "busy")
                    .put("success", false)
                    .put("error", "somebody else resyncs it now; see running_since of its state");
        }
        try (ResyncStore.Lock held = lock.get()) {
            ResyncRecord before = store.last(cache);
            if (!wish.force() && !settings(cache).isDue(before.lastSync(), clock.instant())) {
                ObjectNode fresh = answer(cache, "fresh").put("success", true);
                fresh.put("product_count", before.productCount());
                put(fresh, "last_sync", before.lastSync());
                return fresh;
            }
            return resync(cache, before, wish, job);
        }
    }

    private ObjectNode resync(String cache, ResyncRecord before, Wish wish, Job job)
            throws SQLException, InterruptedException {
        Instant began = clock.instant();
        store.keep(cache, before.begun(began));
        Progress progress = new Progress(job, new Pace(wish.rate()), () -> {});
        long nanos = System.nanoTime();
        try (Whole whole = wholes.open(cache)) {
            whole.readAgain(progress);
        } catch (SQLException | EntriesException away) {
            keepFailure(cache, before, String.valueOf(away.getMessage()));
            throw away;
        }
        long millis = Duration.ofNanos(System.nanoTime() - nanos).toMillis();
        String problem = job.isCancelled() ? "cancelled" : progress.problem();
        job.count(cache + ".written", progress.written());
        job.count(cache + ".removed", progress.removed());
        job.count(cache + ".overtaken", progress.overtaken());
        ObjectNode told = answer(cache, problem == null ? "resynced" : "failed");
        told.put("success", problem == null);
        told.put("product_count", progress.rows());
        told.put("written", progress.written());
        told.put("removed", progress.removed());
        told.put("duration_ms", millis);
        told.put("error", problem);
        if (problem != null) {
            keepFailure(cache, before, problem);
            put(told, "last_sync", before.lastSync());
            return told;
        }
        Instant ended = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        store.keep(
                cache,
                new ResyncRecord(
                        ended, progress.rows(), millis, progress.written(), progress.removed(), null, null, null));
        LOG.info(
                "cache {} is resynced: {} rows in {} ms, {} entries written, {} removed",
                cache,
                progress.rows(),
                millis,
                progress.written(),
                progress.removed());
        put(told, "last_sync", ended);
        return told;
    }

    private void keepFailure(String cache, ResyncRecord before, String why) {
        LOG.warn("cache {} is not resynced: {}", cache, why);
        try {
            store.keep(cache, before.failed(why, clock.instant()));
        } catch (EntriesException redisAway) {
            LOG.debug("not kept: {}", redisAway.getMessage());
        }
    }

    private static ObjectNode answer(String cache, String outcome) {
        return JSON.createObjectNode().put("cache", cache).put("outcome", outcome);
    }

    private static void put(ObjectNode json, String name, @Nullable Instant at) {
        json.put(name, at == null ? null : at.toString());
    }
}
