package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.pipeline.InvalidationRule;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.TagTemplate;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes entries stale by tag, key, pattern, shop or type. An application's entry is filled again by whoever asks for it; one that
 * cache-writer keeps is read from the database again in place, so that it is never missing. Thread-safe.
 */
public final class Invalidating {
    private static final int AT_ONCE = 200;
    private static final int SAMPLE = 5_000;
    private static final String SHOP_COLUMN = "shop_id";

    private final KeptCaches.Opener caches;
    private final Keyspace keyspace;
    private final Entries entries;
    private final TagStore tags;
    private final Pipeline pipeline;

    public Invalidating(
            KeptCaches.Opener caches, Keyspace keyspace, Entries entries, TagStore tags, Pipeline pipeline) {
        this.caches = caches;
        this.keyspace = keyspace;
        this.entries = entries;
        this.tags = tags;
        this.pipeline = pipeline;
    }

    /**
     * What is meant; one of the first four at least, where an empty one says nothing.
     *
     * @param pattern of keys
     * @param shop its id: entries that carry {@code shop:<id>} or a tag that begins with it
     * @param type the name of a cache of the pipeline file, by whose tags entries are meant
     * @param all whether a pattern that matches everything is meant
     */
    public record Wish(List<String> tags, List<String> keys, String pattern, String shop, String type, boolean all) {
        public Wish {
            tags = List.copyOf(tags);
            keys = List.copyOf(keys);
            if (tags.isEmpty() && keys.isEmpty() && pattern.isEmpty() && shop.isEmpty() && type.isEmpty()) {
                throw new RefusedException(
                        "",
                        "it is not said what is to be invalidated",
                        "give tags, keys, pattern, shop or type, such as {\"tags\": [\"shop:7\"]}");
            }
        }
    }

    /** What a wish comes to. */
    private record Meant(Set<String> tags, List<String> keys) {}

    /**
     * Refuses what must not be done.
     *
     * @throws RefusedException with the reason
     */
    public void check(Wish wish) {
        if (!wish.type().isEmpty() && pipeline.cache(wish.type()).isEmpty()) {
            throw new RefusedException(
                    "type",
                    "there is no cache " + wish.type() + " in the pipeline file",
                    "use one of "
                            + pipeline.caches().stream()
                                    .map(cache -> cache.name())
                                    .toList());
        }
        for (String key : wish.keys()) {
            try {
                io.tidemark.core.contract.EntryKey.metaOf(key);
            } catch (IllegalArgumentException reserved) {
                throw new RefusedException("keys", String.valueOf(reserved.getMessage()), "give keys of entries");
            }
        }
        for (String tag : wish.tags()) {
            try {
                new io.tidemark.core.contract.Tag(tag);
            } catch (IllegalArgumentException impossible) {
                throw new RefusedException("tags", String.valueOf(impossible.getMessage()), "give tags of entries");
            }
        }
        if (!wish.pattern().isEmpty() && !wish.all()) {
            refuseEverything(Glob.of(wish.pattern()));
        }
    }

    private void refuseEverything(Glob glob) {
        AtomicLong seen = new AtomicLong();
        AtomicLong others = new AtomicLong();
        if (!glob.saysNothing()) {
            keyspace.entries(portion -> {
                if (seen.get() < SAMPLE) {
                    seen.addAndGet(portion.size());
                    portion.stream().filter(key -> !glob.matches(key)).forEach(key -> others.incrementAndGet());
                }
            });
        }
        if (others.get() == 0 && (glob.saysNothing() || seen.get() > 1)) {
            throw new RefusedException(
                    "pattern",
                    "the pattern " + glob.text() + " would invalidate everything"
                            + (glob.saysNothing() ? "" : ": each of " + seen.get() + " entries looked at matches"),
                    "say all: true if that is meant, or give a narrower pattern");
        }
    }

    /** How many entries are meant: by tag, and by cache for keys. A tag's may be counted twice. */
    public Map<String, Long> count(Wish wish) throws SQLException {
        check(wish);
        Map<String, Long> counts = new LinkedHashMap<>();
        try (KeptCaches open = caches.open()) {
            Meant meant = meant(wish);
            for (String tag : meant.tags()) {
                long members = tags.members(tag).stream()
                        .mapToLong(TagStore.Members::count)
                        .sum();
                counts.put("tag " + tag, members);
                for (KeptCache cache : open.all()) {
                    if (cache.mayCarry(tag)) {
                        counts.merge(cache.name(), cache.count(tag), Long::sum);
                    }
                }
            }
            meant.keys().forEach(key -> counts.merge(Refreshing.cacheOf(open, key), 1L, Long::sum));
            if (!wish.pattern().isEmpty()) {
                Glob glob = Glob.of(wish.pattern());
                keyspace.entries(portion -> portion.stream()
                        .filter(glob::matches)
                        .forEach(key -> counts.merge(Refreshing.cacheOf(open, key), 1L, Long::sum)));
            }
        }
        return counts;
    }

    /** Invalidates. */
    public void run(Wish wish, Job job) throws SQLException, InterruptedException {
        try (KeptCaches open = caches.open()) {
            Refreshing refreshing = new Refreshing(open, entries, new Pace(0), job);
            Meant meant = meant(wish);
            job.expect(meant.keys().size());
            // First, and all at once: from here on no reader of the contract is given what carries one of the tags.
            if (!meant.tags().isEmpty()) {
                tags.bump(meant.tags());
                job.count("tags_bumped", meant.tags().size());
            }
            refreshing.all(meant.keys());
            for (String tag : meant.tags()) {
                for (KeptCache cache : open.all()) {
                    if (cache.mayCarry(tag)) {
                        refresh(cache, tag, refreshing, job);
                    }
                }
            }
            if (!wish.pattern().isEmpty()) {
                Glob glob = Glob.of(wish.pattern());
                Portions.walk(
                        keyspace::entries,
                        job,
                        portion -> refreshing.all(portion.stream()
                                .distinct()
                                .filter(glob::matches)
                                .toList()));
            }
        }
    }

    private static void refresh(KeptCache cache, String tag, Refreshing refreshing, Job job)
            throws SQLException, InterruptedException {
        job.expect(cache.count(tag));
        String after = null;
        do {
            KeptCache.Page page = cache.page(tag, after, AT_ONCE);
            refreshing.of(cache, page.keys());
            after = page.next();
        } while (after != null && !job.isCancelled());
    }

    private Meant meant(Wish wish) {
        Set<String> meant = new LinkedHashSet<>(wish.tags());
        if (!wish.type().isEmpty()) {
            typeTags(wish, meant);
        } else if (!wish.shop().isEmpty()) {
            String shop = "shop:" + wish.shop();
            meant.add(shop);
            carried(shop + ":", meant);
        }
        return new Meant(meant, new ArrayList<>(new LinkedHashSet<>(wish.keys())));
    }

    /** The tags that a cache's own list and its table's changes name: of one shop, or of all that entries carry. */
    private void typeTags(Wish wish, Set<String> meant) {
        List<TagTemplate> templates = new ArrayList<>();
        pipeline.cache(wish.type()).ifPresent(cache -> {
            templates.addAll(cache.tags());
            for (InvalidationRule rule : pipeline.invalidationsOf(cache.table())) {
                templates.addAll(rule.tags());
            }
        });
        for (TagTemplate template : templates) {
            if (!wish.shop().isEmpty()) {
                // shop:7 alone is on entries of every type.
                if (template.columns().contains(SHOP_COLUMN)
                        && !template.toString().equals("shop:{shop_id}")) {
                    template.render(Map.of(SHOP_COLUMN, wish.shop())).ifPresent(meant::add);
                }
            } else if (template.columns().isEmpty()) {
                template.render(Map.of()).ifPresent(meant::add);
            } else if (!template.toString().equals("shop:{shop_id}")) {
                tags.carried(
                        template.prefix(),
                        portion -> portion.stream().filter(template::matches).forEach(meant::add));
            }
        }
    }

    private void carried(String prefix, Set<String> meant) {
        tags.carried(prefix, meant::addAll);
    }
}
