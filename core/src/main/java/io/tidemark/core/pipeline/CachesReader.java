package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the caches, and what has to hold between them. */
final class CachesReader {
    private final Reading reading;
    private final Map<TableId, ColumnRules> rules;
    private final KeyCollisions collisions;

    CachesReader(Reading reading, Map<TableId, ColumnRules> rules) {
        this.reading = reading;
        this.rules = rules;
        this.collisions = new KeyCollisions(reading);
    }

    /**
     * The caches of both kinds.
     *
     * @param warm how those are warmed of which that is said, by name
     * @param ttls between which times to live entries may be moved, where that is said, by name
     */
    record Caches(
            List<Cache> ofRows,
            List<QueryCache> ofQueries,
            Map<String, ResyncSettings> resyncs,
            Map<String, WarmSettings> warm,
            Map<String, TtlRange> ttls) {
        Set<String> names() {
            Set<String> names = new TreeSet<>();
            ofRows.forEach(cache -> names.add(cache.name()));
            ofQueries.forEach(cache -> names.add(cache.name()));
            return names;
        }

        boolean none() {
            return ofRows.isEmpty() && ofQueries.isEmpty();
        }
    }

    Caches caches(Section section) {
        List<Cache> caches = new ArrayList<>();
        List<QueryCache> queries = new ArrayList<>();
        Map<String, WarmSettings> warm = new LinkedHashMap<>();
        QueriesReader reader = new QueriesReader(reading);
        UpkeepReader upkeep = new UpkeepReader(reading);
        Map<String, ResyncSettings> resyncs = new HashMap<>();
        Map<String, TtlRange> ttls = new HashMap<>();
        TtlRangeReader ranges = new TtlRangeReader(reading);
        for (String name : section.names()) {
            if (!name.matches("[a-z][a-z0-9_-]{0,62}")) {
                reading.problems()
                        .add(
                                section.placeOfName(name),
                                "expected a name that begins with a-z and goes on with a-z, 0-9, _ and -, found \""
                                        + name + "\"");
            }
            Section settings = section.section(name);
            settings.value("resync");
            if (settings.value("warm") != null) {
                warm.put(name, new WarmReader(reading).warm(settings));
            }
            settings.value(TtlRangeReader.NAME);
            if (QueriesReader.isOne(settings)) {
                QueryCache query = reader.cache(name, settings, of -> fields(of, rulesOf(of.text("table"))));
                if (query != null) {
                    collisions.check(name, entryKeys(query), settings);
                    queries.add(query);
                    ResyncSettings resync = upkeep.resync(settings, query.ttl());
                    keep(resyncs, name, resync);
                    keep(ttls, name, ranges.range(settings, query.ttl(), resync));
                }
                continue;
            }
            Cache cache = cache(name, settings);
            if (cache != null) {
                collisions.check(name, List.of(cache.key()), settings);
                caches.add(cache);
                ResyncSettings resync = upkeep.resync(settings, cache.ttl());
                keep(resyncs, name, resync);
                keep(ttls, name, ranges.range(settings, cache.ttl(), resync));
            }
        }
        return new Caches(caches, queries, resyncs, warm, ttls);
    }

    private static <T> void keep(Map<String, T> all, String name, @Nullable T one) {
        if (one != null) {
            all.put(name, one);
        }
    }

    private static List<KeyTemplate> entryKeys(QueryCache query) {
        List<KeyTemplate> keys = new ArrayList<>();
        keys.add(
                query.index() == null
                        ? query.key()
                        : KeyTemplate.parseOfQuery(query.index().key()));
        if (query.stamp() != null) {
            keys.add(KeyTemplate.parseOfQuery(query.stamp()));
        }
        return keys;
    }

    private ColumnRules rulesOf(@Nullable Setting table) {
        TableId id = table == null ? null : TablesReader.id(table, new Problems());
        return id == null ? ColumnRules.NONE : rules.getOrDefault(id, ColumnRules.NONE);
    }

    private @Nullable Cache cache(String name, Section section) {
        section.require("table", "the table whose rows it holds, like public.products");
        section.require("key", "a key template like " + name + ":{id}");
        Setting table = section.text("table");
        KeyTemplate key = parsed(section.text("key"), KeyTemplate::parse, "key template");
        TableId id = table == null ? null : TablesReader.id(table, reading.problems());
        ColumnRules ruled = id == null ? ColumnRules.NONE : rules.getOrDefault(id, ColumnRules.NONE);
        FieldSelection fields = fields(section, ruled);
        Duration ttl = ttl(section.text("ttl"));
        List<TagTemplate> tags = tags(section.texts("tags"), ruled);
        Format format = new FormatReader(reading).format(section, key, fields, false);
        section.refuseUnknown();
        return id == null || key == null ? null : new Cache(name, id, key, fields, ttl, tags, format);
    }

    private @Nullable Duration ttl(@Nullable Setting setting) {
        if (setting == null) {
            return null;
        }
        Duration ttl = TtlText.parse(setting.text()).orElse(null);
        if (ttl == null) {
            reading.problems()
                    .add(
                            setting.place(),
                            "expected a whole number above 0 and a unit, like 90s, 30m, 2h or 7d, found \""
                                    + setting.text() + "\"");
        }
        return ttl;
    }

    private FieldSelection fields(Section section, ColumnRules rules) {
        Node node = section.value("fields");
        if (node == null) {
            return new FieldSelection.AllBut(rules.ignored());
        }
        if (node instanceof MappingNode) {
            Section choice = section.section("fields");
            choice.require("except", "the columns to leave out, as except: [a, b]");
            Set<String> left = new HashSet<>(texts(choice.texts("except")));
            choice.refuseUnknown();
            left.addAll(rules.ignored());
            return new FieldSelection.AllBut(left);
        }
        List<Setting> listed = section.texts("fields");
        for (Setting column : listed) {
            refuseIgnored(column, column.text(), rules, "is part of no document");
        }
        return new FieldSelection.Only(Set.copyOf(texts(listed)));
    }

    private List<TagTemplate> tags(List<Setting> settings, ColumnRules rules) {
        List<TagTemplate> tags = new ArrayList<>();
        for (Setting setting : settings) {
            TagTemplate tag = parsed(setting, TagTemplate::parse, "tag");
            if (tag != null) {
                tags.add(tag);
                tag.columns()
                        .forEach(column -> refuseIgnored(column(setting, column), column, rules, "changes no tag"));
            }
        }
        return tags;
    }

    private static Setting column(Setting tag, String column) {
        return new Setting(column, tag.place());
    }

    private void refuseIgnored(Setting setting, String column, ColumnRules rules, String why) {
        if (rules.ignored().contains(column)) {
            reading.problems()
                    .add(
                            setting.place(),
                            "column " + column + " is ignored in tables, and so " + why
                                    + "; leave it out here or there");
        }
    }

    private <T> @Nullable T parsed(@Nullable Setting setting, Function<String, T> parser, String what) {
        if (setting == null) {
            return null;
        }
        try {
            return parser.apply(setting.text());
        } catch (IllegalArgumentException wrong) {
            reading.problems()
                    .add(
                            setting.place(),
                            "this " + what + " cannot be used, \"" + setting.text() + "\": " + wrong.getMessage());
            return null;
        }
    }

    private static List<String> texts(List<Setting> settings) {
        return settings.stream().map(Setting::text).collect(Collectors.toList());
    }
}
