package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.admin.Kinds.Kind;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.jobs.PartAwayException;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.cachewriter.topics.RowTopics;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.WarmSettings;
import io.tidemark.core.pipeline.WarmSettings.Source;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fills what is missing of caches. What is there stays as it is, so there is never less to read than before. Thread-safe.
 *
 * <p>What is under way lies in Redis, beside the entries. What is cut short by a crash goes on by itself, here or in another
 * cache-writer; what somebody cancelled goes on where it was when it is asked for again.
 */
public final class Warming {
    static final String KIND = "warm";
    private static final JsonMapper JSON = new JsonMapper();

    private final KeptCaches.Opener caches;
    private final Means means;
    private final WarmStore store;
    private final WarmTurns turns;
    private final Jobs jobs;
    private final Pipeline pipeline;
    private final Kinds kinds;

    /** What warming looks at and reads from. */
    public record Means(Keyspace keyspace, Asked asked, RowTopics topics) {}

    public Warming(KeptCaches.Opener caches, Means means, WarmStore store, Jobs jobs, Pipeline pipeline) {
        this.caches = caches;
        this.means = means;
        this.store = store;
        this.turns = new WarmTurns(store);
        this.jobs = jobs;
        this.pipeline = pipeline;
        this.kinds = new Kinds(pipeline, () -> means.keyspace().clientCounts().keySet());
    }

    /**
     * What is wished for. What it does not say, the pipeline file says.
     *
     * @param caches by name; empty for all
     * @param kinds of data, in place of caches
     * @param rate rows a second at most, 0 for as fast as it goes
     * @param limit entries of each cache at most
     * @param source where rows come from
     * @param restart whether to begin anew where an earlier one was interrupted
     */
    public record Wish(
            List<String> caches,
            List<String> kinds,
            OptionalLong rate,
            OptionalLong limit,
            Optional<Source> source,
            boolean restart) {
        public Wish {
            caches = List.copyOf(caches);
            kinds = List.copyOf(kinds);
            if (!caches.isEmpty() && !kinds.isEmpty()) {
                throw new RefusedException(
                        "kinds", "caches and kinds were both given", "name caches, or kinds of data");
            }
        }

        /** These caches, as the pipeline file says. */
        static Wish of(List<String> caches) {
            return new Wish(caches, List.of(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), false);
        }
    }

    /**
     * How many entries there would be to look at, by cache, or by kind where kinds are wished for.
     *
     * @throws RefusedException for a cache or a kind that there is not, and a topic that is missing
     */
    public Map<String, Long> count(Wish wish) throws SQLException {
        Map<String, Kind> of = kinds.of(wish.kinds());
        Map<String, Long> counts = new LinkedHashMap<>();
        of.keySet().forEach(kind -> counts.put(kind, 0L));
        try (KeptCaches open = caches.open()) {
            for (KeptCache cache : rows(open, wish)) {
                WarmOrder order = order(wish, cache.name());
                if (isFromTopic(cache, order)) {
                    means.topics().records(cache.topic().orElseThrow().table());
                }
                counts.merge(
                        Kinds.nameOf(of, cache.name()).orElse(cache.name()),
                        Math.min(order.limit(), cache.count()),
                        Long::sum);
            }
            for (String name : queries(open, wish)) {
                counts.merge(Kinds.nameOf(of, name).orElse(name), 1L, Long::sum);
            }
        }
        of.forEach((name, kind) -> kind.applications()
                .forEach(cache -> counts.merge(name, (long) missingOf(cache).size(), Long::sum)));
        return counts;
    }

    /** Begins; returns at once. */
    public Job begin(Wish wish) {
        return jobs.submitLong(KIND, job -> run(wish, Map.of(), job));
    }

    /** Begins those that the pipeline file wants warm at the start, but for those that somebody is at already. */
    public void atStart() {
        Map<String, String> orders = store.orders();
        List<String> wanted = pipeline.warm().entrySet().stream()
                .filter(warm -> warm.getValue().atStart())
                .map(Map.Entry::getKey)
                .filter(name -> !WarmTurns.isUnderWay(orders.get(name)))
                .sorted()
                .toList();
        if (!wanted.isEmpty()) {
            begin(Wish.of(wanted));
        }
    }

    /** Goes on with what was cut short, and nobody is at. */
    public void resume() {
        Map<String, WarmOrder> cut = turns.cut(name -> pipeline.cache(name).isPresent());
        if (!cut.isEmpty()) {
            turns.given(cut, jobs.submitLong(KIND, job -> run(Wish.of(List.copyOf(cut.keySet())), cut, job)));
        }
    }

    /** @param cut what was cut short and goes on as it was; empty when it is a new wish */
    private void run(Wish wish, Map<String, WarmOrder> cut, Job job) throws SQLException, InterruptedException {
        Map<String, Kind> of = kinds.of(wish.kinds());
        try (KeptCaches open = caches.open()) {
            for (String name : cut.isEmpty() ? queries(open, wish) : List.<String>of()) {
                mark(open.queries(), name, order(wish, name).limit(), job);
            }
            each(orders(rows(open, wish), wish, cut, job), job);
        }
        of.forEach((name, kind) -> kind.applications().forEach(cache -> leave(cache, job)));
        if (!of.isEmpty()) {
            job.tell("kinds", byKind(of, job));
        }
    }

    /** One after the other; a topic that is missing or away keeps no other cache cold. */
    private void each(Map<KeptCache, WarmOrder> orders, Job job) throws SQLException, InterruptedException {
        RuntimeException failure = null;
        for (Map.Entry<KeptCache, WarmOrder> one : orders.entrySet()) {
            try {
                warm(one.getKey(), one.getValue(), job);
            } catch (RefusedException | PartAwayException ofItsTopic) {
                failure = ofItsTopic;
            } catch (EntriesException away) {
                throw new EntriesException(
                        "Redis did not answer (" + away.getMessage() + "); the warming goes on by itself once it does",
                        away);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void warm(KeptCache cache, WarmOrder order, Job job) throws SQLException, InterruptedException {
        if (job.isGivenUp()) {
            store.keep(cache.name(), order.heldBack().text());
        } else if (!job.isCancelled()) {
            new WarmRun(cache, order, means, turns, job).run();
        }
        if (!job.isCancelled() || job.isGivenUp()) {
            turns.end(cache.name());
        }
    }

    private Map<KeptCache, WarmOrder> orders(List<KeptCache> rows, Wish wish, Map<String, WarmOrder> cut, Job job)
            throws SQLException {
        Map<KeptCache, WarmOrder> orders = new LinkedHashMap<>();
        for (KeptCache cache : rows) {
            String name = cache.name();
            WarmOrder wished = cut.getOrDefault(name, order(wish, name));
            WarmOrder order = (wish.restart() ? Optional.<WarmOrder>empty() : turns.earlier(name))
                    .map(wished::goingOnFrom)
                    .orElse(wished);
            if (!turns.begin(name, order, job)) {
                job.count(name + ".warmed_by_another", 1);
                continue;
            }
            if (order.hasBegun()) {
                job.count(name + ".resumed", 1);
                job.goOnAfter(order.looked());
            }
            job.expect(Math.min(order.limit(), expected(cache, order)));
            orders.put(cache, order);
        }
        return orders;
    }

    private long expected(KeptCache cache, WarmOrder order) throws SQLException {
        try {
            return isFromTopic(cache, order)
                    ? means.topics().records(cache.topic().orElseThrow().table())
                    : cache.count();
        } catch (RefusedException | PartAwayException saidWhenItsTurnComes) {
            return 0;
        }
    }

    private static boolean isFromTopic(KeptCache cache, WarmOrder order) {
        return order.source() == Source.KAFKA && cache.topic().isPresent();
    }

    private WarmOrder order(Wish wish, String cache) {
        WarmSettings said = pipeline.warmOf(cache);
        return WarmOrder.of(
                wish.source().orElse(said.source()),
                wish.rate().orElse(said.rowsPerSecond()),
                wish.limit().orElse(said.limit()));
    }

    /** Has it read by those who read queries, in their own pace. */
    private void mark(QueryMarks queries, String name, long limit, Job job) {
        if (!queries.isOneEntry(name)) {
            List<String> asked = means.asked().most(queries.countedAs(name), Asked.MOST_KEYS).stream()
                    .filter(key -> queries.owning(key).filter(name::equals).isPresent())
                    .limit(limit)
                    .toList();
            queries.keys(name, asked);
            job.count(name + ".asked_first", asked.size());
            if (limit < WarmSettings.NO_LIMIT) {
                return;
            }
        }
        queries.everything(name);
        job.count(name + ".marked", 1);
    }

    /** Nobody but the application can fill these; it finds them in Redis. */
    private void leave(String cache, Job job) {
        job.count(cache + ".left_to_application", missingOf(cache).size());
    }

    private List<String> missingOf(String cache) {
        List<String> asked = means.asked().most(List.of(cache), Asked.MOST_KEYS);
        List<Boolean> present = means.keyspace().present(asked);
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (!present.get(i)) {
                missing.add(asked.get(i));
            }
        }
        return missing;
    }

    private static ObjectNode byKind(Map<String, Kind> of, Job job) {
        ObjectNode json = JSON.createObjectNode();
        of.forEach((name, kind) -> {
            ObjectNode one = json.putObject(name);
            for (String what : List.of("filled", "were_there", "marked")) {
                one.put(
                        what,
                        kind.caches().stream()
                                .mapToLong(cache -> job.counted(cache + "." + what))
                                .sum());
            }
            one.put(
                    "left_to_application",
                    kind.applications().stream()
                            .mapToLong(cache -> job.counted(cache + ".left_to_application"))
                            .sum());
        });
        return json;
    }

    private List<KeptCache> rows(KeptCaches open, Wish wish) {
        return wish.kinds().isEmpty()
                ? chosen(open, wish.caches())
                : open.all().stream()
                        .filter(cache -> ofKinds(wish).contains(cache.name()))
                        .toList();
    }

    private List<String> queries(KeptCaches open, Wish wish) {
        Set<String> wanted = wish.kinds().isEmpty() ? Set.copyOf(wish.caches()) : ofKinds(wish);
        return open.queries().names().stream()
                .filter(name -> (wish.kinds().isEmpty() && wanted.isEmpty()) || wanted.contains(name))
                .toList();
    }

    private Set<String> ofKinds(Wish wish) {
        Set<String> wanted = new LinkedHashSet<>();
        kinds.of(wish.kinds()).values().forEach(kind -> wanted.addAll(kind.caches()));
        return wanted;
    }

    /**
     * The caches of rows of these names.
     *
     * @throws RefusedException for a name that is none
     */
    static List<KeptCache> chosen(KeptCaches open, @Nullable List<String> names) {
        if (names == null || names.isEmpty()) {
            return open.all();
        }
        return names.stream()
                .filter(name -> !open.queries().has(name))
                .map(name -> open.named(name)
                        .orElseThrow(() -> new RefusedException(
                                "caches",
                                "there is no cache " + name + " in the pipeline file",
                                "use one of "
                                        + Stream.concat(
                                                        open.all().stream().map(KeptCache::name),
                                                        open.queries().names().stream())
                                                .sorted()
                                                .toList())))
                .toList();
    }
}
