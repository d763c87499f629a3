package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.admin.Explanation.Verdict;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says of an entry whether it is right, by looking at Redis, the database and what is on its way. Thread-safe; changes nothing. */
public final class Explaining {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_MILLIS = 50;

    private final KeptCaches.Opener caches;
    private final Keyspace keyspace;
    private final Backlog backlog;
    private final Supplier<@Nullable String> waitingFor;

    /** How many changes are in Kafka and not yet in Redis; empty when nobody can say. */
    @FunctionalInterface
    public interface Backlog {
        OptionalLong records();
    }

    /** @param waitingFor what keeps changes from being applied; null for nothing */
    public Explaining(
            KeptCaches.Opener caches, Keyspace keyspace, Backlog backlog, Supplier<@Nullable String> waitingFor) {
        this.caches = caches;
        this.keyspace = keyspace;
        this.backlog = backlog;
        this.waitingFor = waitingFor;
    }

    /** The entry as it is, without a verdict. */
    public com.fasterxml.jackson.databind.node.ObjectNode entry(String key) {
        requireKey(key);
        try (KeptCaches open = caches.open()) {
            return EntryPage.json(keyspace.look(key), open.owning(key));
        }
    }

    /**
     * The entry with a verdict; takes a few seconds when it differs and changes are on their way.
     *
     * @throws SQLException when the database cannot be asked
     */
    public Explanation explain(String key) throws SQLException, InterruptedException {
        requireKey(key);
        try (KeptCaches open = caches.open()) {
            Optional<KeptCache> kept = open.owning(key);
            Optional<String> query = open.queries().owning(key);
            return kept.isPresent()
                    ? kept(key, kept.get())
                    : query.isPresent()
                            ? queried(keyspace.look(key), query.get(), open.queries())
                            : applications(keyspace.look(key));
        }
    }

    private static void requireKey(String key) {
        try {
            EntryKey.metaOf(key);
        } catch (IllegalArgumentException reserved) {
            throw new RefusedException("key", String.valueOf(reserved.getMessage()), "give the key of an entry");
        }
    }

    private Explanation kept(String key, KeptCache cache) throws SQLException, InterruptedException {
        long began = System.nanoTime();
        List<String> evidence = new ArrayList<>();
        boolean differed = false;
        while (true) {
            Keyspace.Look look = keyspace.look(key);
            Optional<byte[]> document = cache.document(key);
            byte[] value = look.value();
            boolean equal = document.isPresent()
                    ? value != null && !look.meta().isEmpty() && cache.holds(value, document.get())
                    : value == null;
            boolean expired = document.isPresent() && look.type().equals("none") && cache.ttlMillis() > 0;
            if (equal) {
                evidence.add(
                        document.isPresent()
                                ? "the value equals the " + cache.source()
                                : "the database has no " + cache.source() + " for it, and there is no value");
                if (differed) {
                    evidence.add("it differed " + millisSince(began)
                            + " ms ago: the change arrived while this was looked at");
                }
                return ended(look, cache, Verdict.RIGHT, evidence);
            }
            boolean over = System.nanoTime() - began > PATIENCE_NANOS;
            OptionalLong waiting = over || !differed ? backlog.records() : OptionalLong.empty();
            if (over || expired) {
                return differs(look, cache, document.isPresent(), expired, waiting, evidence);
            }
            differed = true;
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private Explanation differs(
            Keyspace.Look look,
            KeptCache cache,
            boolean hasRow,
            boolean expired,
            OptionalLong waiting,
            List<String> evidence) {
        String held = waitingFor.get();
        if (expired) {
            evidence.add("the database has a " + cache.source() + " for it, and Redis no value: the cache has a ttl of "
                    + cache.ttlMillis() / 1000 + " s, so it may have expired");
            evidence.add("its row's next change brings it back, or: tidemark warm " + cache.name());
            return ended(look, cache, Verdict.MISSING, evidence);
        }
        boolean absent = look.type().equals("none");
        evidence.add(
                absent
                        ? "the database has a " + cache.source() + " for it, and Redis no value"
                        : !hasRow
                                ? "the database has no " + cache.source() + " for it any more, and Redis has a value"
                                : look.meta().isEmpty()
                                        ? "there is a value without its meta: nobody knows how old it is"
                                        : "the value differs from the " + cache.source());
        boolean late = held != null || waiting.orElse(0) > 0;
        if (held != null) {
            evidence.add("changes are not applied now: waiting for " + held);
        }
        waiting.ifPresent(records -> evidence.add(
                records == 0 ? "no change waits in Kafka" : records + " changes in Kafka are not in Redis yet"));
        if (waiting.isEmpty()) {
            evidence.add("how many changes wait in Kafka cannot be said now");
        }
        EntryPage.leaseEnds(look)
                .ifPresent(ends -> evidence.add(
                        "it is being read from the database, for at most " + (ends - look.nowMillis()) + " ms more"));
        if (!late) {
            evidence.add(
                    "changes that ingest-service has not published yet are seen by tidemark status; if there are none,"
                            + " mend it with: tidemark invalidate --key " + look.key());
        }
        return ended(look, cache, late ? Verdict.LATE : absent ? Verdict.MISSING : Verdict.STALE, evidence);
    }

    private static Explanation ended(Keyspace.Look look, KeptCache cache, Verdict verdict, List<String> evidence) {
        String version = look.meta().get("v");
        if (version != null && !version.equals(Version.NONE.text())) {
            evidence.add("the newest change it has seen is of version " + version);
        }
        return new Explanation(look.key(), verdict, evidence, EntryPage.json(look, Optional.of(cache)));
    }

    private Explanation queried(Keyspace.Look look, String cache, QueryMarks queries) {
        List<String> evidence = new ArrayList<>();
        long due = queries.due(cache);
        boolean absent = look.type().equals("none");
        evidence.add("it is read from the database by the query of cache " + cache);
        String held = waitingFor.get();
        if (held != null) {
            evidence.add("changes are not applied now: waiting for " + held);
        }
        evidence.add(
                due == 0 ? "nothing of the cache is due to be read again" : due + " of the cache are due to be read");
        evidence.add(
                absent
                        ? "there is no value: the query gives no row for it, or it expired"
                        : "it was not compared with the database here; tidemark verify does that");
        Verdict verdict = due > 0 || held != null ? Verdict.LATE : Verdict.RIGHT;
        return new Explanation(look.key(), verdict, evidence, EntryPage.json(look, Optional.empty()));
    }

    private Explanation applications(Keyspace.Look look) {
        List<String> evidence = new ArrayList<>();
        Verdict verdict = verdict(look, evidence);
        EntryPage.leaseEnds(look)
                .ifPresent(ends -> evidence.add(
                        "somebody computes it now, for at most " + (ends - look.nowMillis()) + " ms more"));
        return new Explanation(look.key(), verdict, evidence, EntryPage.json(look, Optional.empty()));
    }

    private Verdict verdict(Keyspace.Look look, List<String> evidence) {
        if (look.meta().isEmpty()) {
            evidence.add(
                    look.type().equals("none")
                            ? "Redis has nothing at this key, and remembers nothing: it was never filled, or it expired"
                            : "there is a value, but none that the contract knows: readers of the contract are not given it");
            evidence.add("no cache of the pipeline file has such a key");
            return Verdict.UNKNOWN;
        }
        String[] stamp = look.meta().getOrDefault("s", "").split(" ");
        if (stamp[0].isEmpty()) {
            evidence.add("it was leased and never filled");
            return Verdict.INVALIDATED;
        }
        if (stamp[0].equals("-")) {
            evidence.add("it was invalidated by its key, or swept after one of its tags was");
            return Verdict.INVALIDATED;
        }
        String[] age = look.meta().getOrDefault("e", "").split(" ");
        if (age.length == 2 && Long.parseLong(age[0]) <= look.nowMillis()) {
            evidence.add("its time to live ended " + (look.nowMillis() - Long.parseLong(age[0]))
                    + " ms ago; whoever waits for the new value may use it for " + age[1] + " ms after that");
            return Verdict.INVALIDATED;
        }
        boolean right = true;
        for (Map.Entry<String, Optional<String>> tag :
                keyspace.counters(EntryPage.tags(look)).entrySet()) {
            String counter = tag.getValue().orElse("");
            boolean covered = life(counter).equals(life(stamp[0])) && number(counter) <= number(stamp[0]);
            right &= covered;
            evidence.add(
                    covered
                            ? "tag " + tag.getKey() + " was not made stale since it was leased"
                            : counter.isEmpty()
                                    ? "tag " + tag.getKey() + " has no counter any more: Redis has lost it"
                                    : "tag " + tag.getKey() + " was made stale: bump " + number(counter)
                                            + ", and the entry was leased at " + number(stamp[0]));
        }
        if (right && look.type().equals("none") && !"1".equals(look.meta().get("n"))) {
            evidence.add("its value is gone: Redis has evicted it, or somebody has deleted it");
            return Verdict.INVALIDATED;
        }
        if (right) {
            evidence.add("none of its tags has been made stale, and its time to live is not over");
        }
        return right ? Verdict.RIGHT : Verdict.INVALIDATED;
    }

    private static long number(String stamp) {
        return Long.parseLong(stamp.substring(stamp.indexOf(':') + 1));
    }

    private static String life(String stamp) {
        return stamp.substring(0, Math.max(0, stamp.indexOf(':')));
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
