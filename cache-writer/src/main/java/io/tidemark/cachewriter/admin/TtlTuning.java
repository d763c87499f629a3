package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.core.pipeline.TtlRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Lets entries that are asked for much live longer, and those that nobody asks for shorter, within what the pipeline file allows
 * for their cache. Entries of other caches stay as they are. Thread-safe.
 */
final class TtlTuning {
    private static final int AT_ONCE = 200;
    private static final int MOST_ASKED = 10_000;
    private static final double NEARLY_FULL = 0.9;

    private final Map<String, TtlRange> ranges;
    private final Keyspace keyspace;
    private final Lives lives;
    private final Entries entries;

    /** @param ranges by the name of the cache */
    TtlTuning(Map<String, TtlRange> ranges, Keyspace keyspace, Lives lives, Entries entries) {
        this.ranges = Map.copyOf(new TreeMap<>(ranges));
        this.keyspace = keyspace;
        this.lives = lives;
        this.entries = entries;
    }

    /** What is found of one cache: whose entries are to live longer, and shorter. */
    record Found(List<String> longer, List<String> shorter, long looked) {}

    /** What would be done, by cache. */
    void measure(KeptCaches open, long look, Keyspace.Figures redis, ObjectNode perCache) throws SQLException {
        for (String cache : names(open)) {
            Found found = find(open, cache, look, redis);
            TtlRange range = range(cache);
            ObjectNode one = perCache.withObject("/" + cache);
            one.put("ttl_least_ms", range.least().toMillis());
            one.put("ttl_most_ms", range.most().toMillis());
            one.put("ttl_looked_at", found.looked());
            one.put("to_live_longer", found.longer().size());
            one.put("to_live_shorter", found.shorter().size());
        }
    }

    /** Does it, and counts what was done. */
    void run(KeptCaches open, long look, Keyspace.Figures redis, Job job) throws SQLException {
        for (String cache : names(open)) {
            Found found = find(open, cache, look, redis);
            TtlRange range = range(cache);
            for (List<String> portion : Portions.of(found.longer(), AT_ONCE)) {
                job.count(
                        cache + ".lengthened",
                        lives.lengthen(portion, range.most().toMillis()));
            }
            for (List<String> portion : Portions.of(found.shorter(), AT_ONCE)) {
                job.count(
                        cache + ".shortened",
                        lives.shorten(portion, range.least().toMillis()));
            }
        }
    }

    /** Whether it is this that decides how long entries of a cache live on. */
    boolean moves(String cache) {
        return ranges.containsKey(cache);
    }

    private List<String> names(KeptCaches open) {
        return ranges.keySet().stream()
                .filter(cache -> open.named(cache).isPresent() || open.queries().has(cache))
                .sorted()
                .toList();
    }

    private TtlRange range(String cache) {
        return Optional.ofNullable(ranges.get(cache)).orElseThrow();
    }

    private Found find(KeptCaches open, String cache, long look, Keyspace.Figures redis) throws SQLException {
        Map<String, Double> asked = lives.asked(cache, MOST_ASKED);
        Judging judging = new Judging(rule(cache, asked, redis), asked);
        Predicate<String> owned = open.named(cache)
                .<Predicate<String>>map(kept -> kept::owns)
                .orElse(key -> open.queries().owning(key).filter(cache::equals).isPresent());
        for (List<String> portion :
                Portions.of(asked.keySet().stream().filter(owned).toList(), AT_ONCE)) {
            judging.look(portion, look);
        }
        Optional<KeptCache> ofRows = open.named(cache);
        if (ofRows.isPresent()) {
            lookAtRows(ofRows.get(), judging, look);
        } else {
            entries.scan(
                    open.queries().scanPattern(cache),
                    keys -> judging.look(
                            keys.stream()
                                    .filter(owned)
                                    .filter(key -> !asked.containsKey(key))
                                    .toList(),
                            look));
        }
        return judging.found();
    }

    private static void lookAtRows(KeptCache cache, Judging judging, long look) throws SQLException {
        String after = null;
        do {
            KeptCache.Page page = cache.page(null, after, AT_ONCE);
            judging.look(
                    page.keys().stream()
                            .filter(key -> !judging.asked.containsKey(key))
                            .toList(),
                    look);
            after = page.next();
        } while (after != null && judging.looked < look);
    }

    private TtlByUse rule(String cache, Map<String, Double> asked, Keyspace.Figures redis) {
        TtlRange range = range(cache);
        Map<String, Long> counts = keyspace.clientCounts().getOrDefault(cache, Map.of());
        boolean isNearlyFull = redis.limitBytes() > 0 && redis.usedBytes() > NEARLY_FULL * redis.limitBytes();
        boolean isMissed = counts.getOrDefault("misses", 0L) > 0 || counts.getOrDefault("hits", 0L) == 0;
        return new TtlByUse(
                range.least().toMillis(),
                range.most().toMillis(),
                asked.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(0),
                !isNearlyFull && isMissed);
    }

    /** Looks at entries of one cache and keeps what the rule says of them. One thread. */
    private final class Judging {
        private final TtlByUse rule;
        private final Map<String, Double> asked;
        private final List<String> longer = new ArrayList<>();
        private final List<String> shorter = new ArrayList<>();
        private long looked;

        Judging(TtlByUse rule, Map<String, Double> asked) {
            this.rule = rule;
            this.asked = asked;
        }

        void look(List<String> keys, long most) {
            List<String> some = keys.subList(0, (int) Math.max(0, Math.min(keys.size(), most - looked)));
            for (Keyspace.Use use : keyspace.use(some)) {
                long idleMillis = TimeUnit.SECONDS.toMillis(use.idleSeconds());
                switch (rule.wish(asked.getOrDefault(use.key(), 0.0), idleMillis, use.ttlMillis())) {
                    case LONGER -> longer.add(use.key());
                    case SHORTER -> shorter.add(use.key());
                    case AS_IT_IS -> {}
                }
            }
            looked += some.size();
        }

        Found found() {
            return new Found(longer, shorter, looked);
        }
    }
}
