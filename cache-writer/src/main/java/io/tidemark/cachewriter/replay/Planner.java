package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.past.History.Span;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Works out what a wish means, and refuses what cannot be meant. Thread-safe. */
final class Planner {
    private final Pipeline pipeline;
    private final History history;

    Planner(Pipeline pipeline, History history) {
        this.pipeline = pipeline;
        this.history = history;
    }

    /** @throws RefusedException with the field that is wrong */
    Plan plan(Wish wish) {
        Set<String> rows = new HashSet<>();
        Set<String> queries = new HashSet<>();
        SortedSet<TableId> tables = new TreeSet<>();
        if (!wish.key().isEmpty()) {
            Cache cache = owner(wish.key());
            if (!wish.cache().isEmpty() && !wish.cache().equals(cache.name())) {
                throw new RefusedException(
                        "key",
                        "the key " + wish.key() + " is of cache " + cache.name() + ", not of " + wish.cache(),
                        "leave cache out");
            }
            rows.add(cache.name());
            tables.add(cache.table());
        } else if (!wish.cache().isEmpty()) {
            addCache(wish.cache(), rows, queries, tables);
        } else {
            pipeline.caches().stream().filter(this::follows).map(Cache::name).forEach(rows::add);
            pipeline.queries().caches().stream()
                    .map(QueryCache::name)
                    .filter(this::follows)
                    .forEach(queries::add);
            tables.addAll(pipeline.appliedTables());
        }
        if (!wish.tag().isEmpty()) {
            tables.removeIf(table -> !mayCarry(table, wish.tag()));
            if (tables.isEmpty()) {
                throw new RefusedException(
                        "tag",
                        "no table that is asked for gives its rows a tag like " + wish.tag(),
                        "use a tag that the pipeline file declares in a cache's tags or a table's invalidates");
            }
        }
        SortedSet<String> topics = new TreeSet<>();
        tables.forEach(table -> topics.add(pipeline.kafka().topics().of(table)));
        boolean whole = wish.from() instanceof From.Earliest && wish.tag().isEmpty();
        return new Plan(topics, spans(wish.from(), topics), rows, queries, whole);
    }

    private void addCache(String name, Set<String> rows, Set<String> queries, SortedSet<TableId> tables) {
        Optional<Cache> row = pipeline.cache(name);
        Optional<QueryCache> query = pipeline.queries().caches().stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
        if (row.isEmpty() && query.isEmpty()) {
            throw new RefusedException(
                    "cache", "there is no cache " + name + " in the pipeline file", "use one of " + names());
        }
        if (!follows(name)) {
            throw new RefusedException(
                    "cache",
                    "changes do not reach the cache " + name + ", its resync strategy is time",
                    "use tidemark resync " + name);
        }
        row.ifPresent(cache -> {
            rows.add(name);
            tables.add(cache.table());
        });
        query.ifPresent(cache -> {
            queries.add(name);
            pipeline.appliedTables().stream()
                    .filter(table -> cache.dependencyOn(table).isPresent())
                    .forEach(tables::add);
        });
    }

    private Cache owner(String key) {
        return pipeline.caches().stream()
                .filter(this::follows)
                .filter(cache -> cache.key().match(key).isPresent())
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "key",
                        "the key " + key + " is of no cache of rows that follows changes",
                        "use the key of an entry, such as "
                                + pipeline.caches().stream()
                                        .map(cache -> cache.key().toString())
                                        .findFirst()
                                        .orElse("product:42")));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        pipeline.caches().forEach(cache -> names.add(cache.name()));
        pipeline.queries().caches().forEach(cache -> names.add(cache.name()));
        return names;
    }

    private boolean follows(Cache cache) {
        return follows(cache.name());
    }

    private boolean follows(String cache) {
        return pipeline.upkeep().resyncOf(cache).strategy().followsChanges();
    }

    private boolean mayCarry(TableId table, String tag) {
        return pipeline.cachesOf(table).stream()
                        .flatMap(cache -> cache.tags().stream())
                        .anyMatch(template -> template.matches(tag))
                || pipeline.invalidationsOf(table).stream()
                        .flatMap(rule -> rule.tags().stream())
                        .anyMatch(template -> template.matches(tag));
    }

    private Map<Partition, Span> spans(From from, SortedSet<String> topics) {
        Map<Partition, Span> all = history.spans(topics);
        Map<Partition, Span> spans =
                new TreeMap<>(java.util.Comparator.comparing(Partition::topic).thenComparingInt(Partition::number));
        if (from instanceof From.Earliest) {
            spans.putAll(all);
        } else if (from instanceof From.Offset offset) {
            requireReached(offset.offset(), all);
            all.forEach((partition, span) ->
                    spans.put(partition, new Span(Math.max(span.begin(), offset.offset()), span.end())));
        } else if (from instanceof From.Time time) {
            Instant oldest = oldest(all);
            requireLeft(time.time(), oldest);
            Map<Partition, @Nullable Long> begins = history.offsetsAt(all.keySet(), time.time());
            if (begins.values().stream().noneMatch(Objects::nonNull)) {
                throw new RefusedException(
                        "from",
                        "nothing was published since " + time.time() + "; the oldest record is of " + oldest,
                        "give an earlier time");
            }
            begins.forEach((partition, begin) -> {
                Span span = all.get(partition);
                if (begin != null && span != null) {
                    spans.put(partition, new Span(begin, span.end()));
                }
            });
        }
        return spans;
    }

    private @Nullable Instant oldest(Map<Partition, Span> all) {
        return all.entrySet().stream()
                .filter(one -> one.getValue().end() > one.getValue().begin())
                .map(one -> history.begins(one.getKey()))
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static void requireLeft(Instant time, @Nullable Instant oldest) {
        if (oldest == null) {
            throw new RefusedException("from", "the topics hold no record at all", "leave from out");
        }
        if (time.isBefore(oldest)) {
            throw new RefusedException(
                    "from",
                    "nothing is left of " + time + ": the oldest record that Kafka still has was published at "
                            + oldest,
                    "use that time or a later one, or earliest for all that is left");
        }
    }

    private static void requireReached(long offset, Map<Partition, Span> all) {
        boolean reached = all.values().stream().anyMatch(span -> offset < span.end());
        if (!reached) {
            throw new RefusedException(
                    "from",
                    "offset " + offset + " is beyond the end of every partition: " + ranges(all),
                    "use an offset before an end, or earliest");
        }
        boolean left = all.values().stream().anyMatch(span -> span.begin() <= offset);
        if (!left) {
            throw new RefusedException(
                    "from",
                    "offset " + offset + " is before what Kafka still has: " + ranges(all),
                    "use the first offset of a partition, or earliest for all that is left");
        }
    }

    private static String ranges(Map<Partition, Span> all) {
        List<String> ranges = new ArrayList<>();
        all.forEach((partition, span) -> {
            if (ranges.size() < 8) {
                ranges.add(partition + " has " + span.begin() + " to " + (span.end() - 1));
            }
        });
        return all.isEmpty() ? "there is no topic yet" : String.join(", ", ranges);
    }
}
