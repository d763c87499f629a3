package io.tidemark.cachewriter.resync;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.jobs.PartAwayException;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.pipeline.ResyncSettings;
import io.tidemark.core.pipeline.Upkeep;
import io.tidemark.core.pipeline.WarmSettings.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether caches are due to be read again, and doing so, as a whole or in part: never two at once of one cache, whoever asks which
 * cache-writer. Thread-safe.
 */
public final class Resyncs {
    private static final Logger LOG = LoggerFactory.getLogger(Resyncs.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NOT_IN_KAFKA =
            "from Kafka, what no topic has was not looked for: a row that changed while nobody"
                    + " captured changes, or that was never published; a resync from the database finds those";

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

    /**
     * Which caches a resync would read: with force or where rows are chosen those that are named, else those of them that are due.
     *
     * @throws RefusedException for what cannot be meant
     * @throws io.tidemark.cachewriter.jobs.PartAwayException when Kafka does not say what it holds
     */
    public List<String> due(ResyncWish wish) throws SQLException, InterruptedException {
        check(wish.caches());
        if (wish.source().filter(Source.KAFKA::equals).isPresent()) {
            requireTopics(wish.caches());
        }
        if (wish.isPartial()) {
            chosen(wish);
            return wish.caches();
        }
        return (wish.caches().isEmpty() ? wholes.names() : wish.caches())
                .stream().filter(cache -> wish.force() || needsResync(cache)).toList();
    }

    private void requireTopics(List<String> caches) {
        for (String cache : caches) {
            String refusal = wholes.refusesKafka(cache);
            if (refusal != null) {
                throw new RefusedException("source", refusal, "leave source out, or say database");
            }
            wholes.requireTopic(cache);
        }
    }

    private @Nullable Chosen chosen(ResyncWish wish) throws SQLException, InterruptedException {
        if (!wish.isPartial()) {
            return null;
        }
        String cache = wish.caches().get(0);
        if (!wish.rows().isEmpty()) {
            return wholes.choosing().rows(cache, wish.rows());
        }
        Chosen.Keys keys = wholes.choosing().keys(cache, wish.keys());
        if (!wholes.isOfRows(cache)) {
            try (Whole whole = wholes.open(cache)) {
                for (String key : keys.keys()) {
                    if (!whole.canHold(key)) {
                        throw new RefusedException(
                                "keys",
                                "there can be no entry " + key + ": what stands in it is not of its column's type",
                                "give the key of an entry, as tidemark and redis-cli show it");
                    }
                }
            }
        }
        return keys;
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

    /**
     * All that is known of a cache.
     *
     * @param asksDatabase whether the database is asked how many rows there are; else it is what the last resync found, and nothing is
     *     said of whether it exists
     */
    public ObjectNode status(String cache, boolean asksDatabase) throws SQLException, InterruptedException {
        ResyncRecord last = store.last(cache);
        Instant now = clock.instant();
        ObjectNode json = JSON.createObjectNode();
        json.put("cache", cache);
        json.put("driver", "redis");
        if (asksDatabase) {
            try (Whole whole = wholes.open(cache)) {
                json.put("exists", whole.exists());
                json.put("product_count", whole.count());
            }
        } else {
            json.putNull("exists").put("product_count", last.productCount());
        }
        put(json, "last_sync", last.lastSync());
        if (last.lastSync() == null) {
            json.putNull("minutes_since");
        } else {
            json.put("minutes_since", Duration.between(last.lastSync(), now).toMinutes());
        }
        ResyncSettings settings = settings(cache);
        json.put("strategy", text(settings.strategy()));
        json.put("source", text(settings.source()));
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
        result.put("source", last.source());
        result.put("error", last.error());
        put(result, "failed_at", last.failedAt());
        put(result, "running_since", last.running());
        return json;
    }

    /**
     * Has a resync done; the job tells of each cache what became of it.
     *
     * @throws RefusedException for what cannot be meant
     */
    public Job submit(ResyncWish wish) throws SQLException, InterruptedException {
        check(wish.caches());
        Chosen chosen = chosen(wish);
        return jobs.submit("resync", job -> run(wish, chosen, job));
    }

    /** The same for caches of which the clock said that they are due. */
    Job submitByTime(List<String> caches) {
        return jobs.submit("resync", job -> run(ResyncWish.of(caches), null, job));
    }

    private void run(ResyncWish wish, @Nullable Chosen chosen, Job job) throws SQLException, InterruptedException {
        ArrayNode told = JSON.createArrayNode();
        SQLException failure = null;
        for (String cache : wish.caches().isEmpty() ? wholes.names() : wish.caches()) {
            if (job.isCancelled()) {
                break;
            }
            try {
                told.add(resync(cache, chosen, wish, job));
            } catch (SQLException | EntriesException | PartAwayException | RefusedException away) {
                told.add(answer(cache, "failed").put("success", false).put("error", away.getMessage()));
                failure = new SQLException("cache " + cache + ": " + away.getMessage(), away);
            }
            job.tell("caches", told.deepCopy());
        }
        if (failure != null) {
            throw failure;
        }
    }

    private ObjectNode resync(String cache, @Nullable Chosen chosen, ResyncWish wish, Job job)
            throws SQLException, InterruptedException {
        Source source = wish.source().orElse(settings(cache).source());
        String refusal = source == Source.KAFKA ? wholes.refusesKafka(cache) : null;
        if (refusal != null) {
            return answer(cache, "skipped")
                    .put("success", true)
                    .putNull("error")
                    .put("note", refusal);
        }
        Optional<ResyncStore.Lock> lock = store.lock(cache);
        if (lock.isEmpty()) {
            return answer(cache, "busy")
                    .put("success", false)
                    .put("error", "somebody else resyncs it now; see running_since of its state");
        }
        try (ResyncStore.Lock held = lock.get()) {
            ResyncRecord before = store.last(cache);
            if (chosen != null) {
                return part(cache, chosen, before, source, wish, job);
            }
            if (!wish.force() && !settings(cache).isDue(before.lastSync(), clock.instant())) {
                ObjectNode fresh = answer(cache, "fresh").put("success", true);
                fresh.put("product_count", before.productCount());
                put(fresh, "last_sync", before.lastSync());
                return fresh;
            }
            return whole(cache, before, source, wish, job);
        }
    }

    private ObjectNode whole(String cache, ResyncRecord before, Source source, ResyncWish wish, Job job)
            throws SQLException, InterruptedException {
        store.keep(cache, before.begun(clock.instant()));
        Progress progress = new Progress(job, new Pace(wish.rate()), () -> {});
        long nanos = System.nanoTime();
        try {
            readAgain(cache, null, source, progress);
        } catch (SQLException | EntriesException | PartAwayException | RefusedException away) {
            keepFailure(cache, before, String.valueOf(away.getMessage()));
            throw away;
        }
        long millis = Duration.ofNanos(System.nanoTime() - nanos).toMillis();
        String problem = job.isCancelled() ? "cancelled" : progress.problem();
        ObjectNode told = told(cache, source, progress, millis, problem, job);
        if (problem != null) {
            keepFailure(cache, before, problem);
            put(told, "last_sync", before.lastSync());
            return told;
        }
        Instant ended = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        store.keep(
                cache,
                new ResyncRecord(
                        ended,
                        progress.rows(),
                        millis,
                        progress.written(),
                        progress.removed(),
                        text(source),
                        null,
                        null,
                        null));
        LOG.info(
                "cache {} is resynced from {}: {} rows in {} ms, {} entries written, {} removed",
                cache,
                text(source),
                progress.rows(),
                millis,
                progress.written(),
                progress.removed());
        put(told, "last_sync", ended);
        return told;
    }

    /** Says nothing of when the cache was resynced: the rest of it is as old as it was. */
    private ObjectNode part(String cache, Chosen chosen, ResyncRecord before, Source source, ResyncWish wish, Job job)
            throws SQLException, InterruptedException {
        Progress progress = new Progress(job, new Pace(wish.rate()), () -> {});
        long nanos = System.nanoTime();
        readAgain(cache, chosen, source, progress);
        long millis = Duration.ofNanos(System.nanoTime() - nanos).toMillis();
        String problem = job.isCancelled() ? "cancelled" : progress.problem();
        ObjectNode told = told(cache, source, progress, millis, problem, job).put("part", chosen.text());
        put(told, "last_sync", before.lastSync());
        LOG.info(
                "{} of cache {} are resynced from {} in {} ms: {} entries written, {} removed",
                chosen instanceof Chosen.Keys ? "chosen keys" : chosen.text(),
                cache,
                text(source),
                millis,
                progress.written(),
                progress.removed());
        return told;
    }

    private void readAgain(String cache, @Nullable Chosen chosen, Source source, Progress progress)
            throws SQLException, InterruptedException {
        if (source == Source.KAFKA) {
            try (TopicWhole whole = wholes.ofTopic(cache, chosen)) {
                whole.readAgain(progress);
            }
            return;
        }
        try (Whole whole = wholes.open(cache)) {
            if (chosen == null) {
                whole.readAgain(progress);
            } else {
                whole.readAgain(chosen, progress);
            }
        }
    }

    private static ObjectNode told(
            String cache, Source source, Progress progress, long millis, @Nullable String problem, Job job) {
        job.count(cache + ".written", progress.written());
        job.count(cache + ".removed", progress.removed());
        job.count(cache + ".overtaken", progress.overtaken());
        ObjectNode told = answer(cache, problem == null ? "resynced" : "failed");
        told.put("success", problem == null);
        told.put("source", text(source));
        told.put("product_count", progress.rows());
        told.put("written", progress.written());
        told.put("removed", progress.removed());
        told.put("duration_ms", millis);
        told.put("error", problem);
        if (source == Source.KAFKA) {
            job.count(cache + ".rows_asked", progress.asked());
            told.put("rows_asked", progress.asked()).put("note", NOT_IN_KAFKA);
        }
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

    private static String text(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode answer(String cache, String outcome) {
        return JSON.createObjectNode().put("cache", cache).put("outcome", outcome);
    }

    private static void put(ObjectNode json, String name, @Nullable Instant at) {
        json.put(name, at == null ? null : at.toString());
    }
}
