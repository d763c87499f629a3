package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.pipeline.TagTemplate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What people mean by kinds of data, such as products or dashboard. A kind is a cache of that name; every cache of rows that carries
 * it as a tag, with the queries that read its table; and, for entries that applications fill, the name under which clients count or
 * a part of a tag that changes make stale. {@code all} is everything. Thread-safe.
 */
final class Kinds {
    static final String ALL = "all";

    private final Pipeline pipeline;
    private final Supplier<Set<String>> counted;

    /** @param counted the names under which clients have counted anything */
    Kinds(Pipeline pipeline, Supplier<Set<String>> counted) {
        this.pipeline = pipeline;
        this.counted = counted;
    }

    /**
     * One kind.
     *
     * @param caches of the pipeline file, by name
     * @param applications the names of applications' caches
     */
    record Kind(List<String> caches, List<String> applications) {}

    /**
     * The kinds of these names, in their order.
     *
     * @throws RefusedException for a name that is none
     */
    Map<String, Kind> of(List<String> names) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (String name : names) {
            Kind kind = kind(name);
            if (kind.caches().isEmpty() && kind.applications().isEmpty()) {
                throw new RefusedException(
                        "kinds", "nothing is of the kind " + name, "use all, or some of " + String.join(", ", known()));
            }
            kinds.put(name, kind);
        }
        return kinds;
    }

    private Kind kind(String name) {
        List<Cache> rows = pipeline.caches().stream()
                .filter(cache -> name.equals(ALL) || isOf(cache, name))
                .toList();
        List<TableId> tables = rows.stream().map(Cache::table).toList();
        List<String> queries = pipeline.queries().caches().stream()
                .filter(query -> name.equals(ALL)
                        || query.name().equals(name)
                        || tables.stream()
                                .anyMatch(table -> query.dependencyOn(table).isPresent()))
                .map(QueryCache::name)
                .toList();
        List<String> caches =
                Stream.concat(rows.stream().map(Cache::name), queries.stream()).toList();
        Set<String> applications = applications();
        return new Kind(
                caches,
                name.equals(ALL)
                        ? List.copyOf(applications)
                        : applications.contains(name) || isInTags(name) ? List.of(name) : List.of());
    }

    private static boolean isOf(Cache cache, String name) {
        return cache.name().equals(name) || fixed(cache.tags()).anyMatch(name::equals);
    }

    private static Stream<String> fixed(List<TagTemplate> tags) {
        return tags.stream().filter(tag -> tag.columns().isEmpty()).flatMap(tag -> tag.render(Map.of()).stream());
    }

    /** The caches of applications, as far as anything was counted of them. */
    private Set<String> applications() {
        Set<String> names = new TreeSet<>(counted.get());
        pipeline.caches().forEach(cache -> names.removeAll(CountedNames.of(cache.name(), cache.key())));
        pipeline.queries().caches().forEach(query -> names.removeAll(CountedNames.of(query.name(), query.key())));
        return names;
    }

    private boolean isInTags(String name) {
        return tagParts().anyMatch(name::equals) && pipeline.caches().stream().noneMatch(cache -> isOf(cache, name));
    }

    private Stream<String> tagParts() {
        return pipeline.invalidations().values().stream()
                .flatMap(Collection::stream)
                .flatMap(rule -> rule.tags().stream())
                .flatMap(tag -> Stream.of(tag.toString().split(":", -1)))
                .filter(part -> !part.contains("{") && !part.isEmpty());
    }

    private Set<String> known() {
        Set<String> known = new TreeSet<>();
        pipeline.caches().forEach(cache -> {
            known.add(cache.name());
            fixed(cache.tags()).forEach(known::add);
        });
        pipeline.queries().caches().forEach(query -> known.add(query.name()));
        tagParts().forEach(known::add);
        known.addAll(applications());
        return known;
    }

    /** How a cache is counted in answers by kind; empty when it is of none of them. */
    static Optional<String> nameOf(Map<String, Kind> kinds, String cache) {
        return kinds.entrySet().stream()
                .filter(kind -> kind.getValue().caches().contains(cache))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
