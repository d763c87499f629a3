package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.Format;
import io.tidemark.core.pipeline.QueryCache.From;
import io.tidemark.core.pipeline.QueryCache.Index;
import io.tidemark.core.pipeline.QueryCache.Limit;
import io.tidemark.core.pipeline.QueryCache.Pace;
import io.tidemark.core.postgres.SqlText;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads caches that are read from the database: query documents, lists, indexes, and rows with keys of other columns. */
final class QueriesReader {
    private static final Duration AFTER = Duration.ofMillis(20);
    private static final int MOST_ROWS = 100_000;
    private static final int MOST_BYTES = 32 << 20;

    private final Reading reading;

    QueriesReader(Reading reading) {
        this.reading = reading;
    }

    /** Whether a cache's settings are those of a cache of this kind. */
    static boolean isOne(Section section) {
        return section.has("query") || section.has("keys") || section.has("index");
    }

    /** How hard the database may be worked. */
    RefreshSettings refresh(Section section) {
        RefreshSettings standard = RefreshSettings.DEFAULT;
        RefreshSettings settings = new RefreshSettings(
                section.integer("queries_per_second", 1, 100_000, standard.queriesPerSecond()),
                section.integer("rows_per_query", 1, 10_000, standard.rowsPerQuery()),
                section.integer("concurrency", 1, 16, standard.concurrency()));
        section.refuseUnknown();
        return settings;
    }

    /**
     * Reads one.
     *
     * @param fields what of a row of the section's table is in its document
     */
    @Nullable
    QueryCache cache(String name, Section section, Function<Section, FieldSelection> fields) {
        KeyTemplate key = key(name, section);
        From from = from(name, section, key, fields);
        boolean many = isMany(section, key);
        List<Dependency> depends = key == null
                ? List.of()
                : new DependenciesReader(reading, key.columns()).dependencies(section, rowsOf(from));
        Pace pace = pace(section.section("refresh"));
        Limit limit = limit(section.section("limit"));
        Index index = index(section);
        Duration ttl = span(section.text("ttl"), TtlText::parse, "90s, 30m, 2h or 7d");
        if (index != null && ttl != null) {
            problem(section.placeOfName("ttl"), "the members of a sorted set do not expire; leave out ttl");
        }
        if (!section.has("query")) {
            refuse(section, "rows", "it is for caches with a query; each row of a table is one entry");
        }
        Setting stamp = reserved(section.text("stamp"));
        Format format = format(section, key, from, many);
        section.refuseUnknown();
        return key == null || from == null
                ? null
                : new QueryCache(
                        name,
                        key,
                        from,
                        many,
                        depends,
                        ttl,
                        pace,
                        limit,
                        index,
                        stamp == null ? null : stamp.text(),
                        format);
    }

    private Format format(Section section, @Nullable KeyTemplate key, @Nullable From from, boolean many) {
        if (section.has("index")) {
            refuse(section, "format", "an index is a sorted set");
            refuse(section, "compress", "an index is a sorted set");
            return Format.JSON;
        }
        FieldSelection fields = from instanceof QueryCache.Rows rows ? rows.fields() : FieldSelection.ALL;
        return new FormatReader(reading).format(section, key, fields, many);
    }

    private @Nullable KeyTemplate key(String name, Section section) {
        if (section.has("index")) {
            section.require("member", "what a member is called, by columns of its row, like \"{id}\"");
            refuse(section, "key", "an index lies at index and its members are called by member");
            refuse(section, "keys", "an index lies at index and its members are called by member");
            refuse(section, "query", "an index is made of the rows of a table");
            return parsed(section.text("member"), KeyTemplate::parseMember);
        }
        if (section.has("keys")) {
            refuse(section, "key", "keys says it already");
            refuse(section, "query", "a query's entries are called by key, and the rows of a table by keys");
            KeyTemplate keys = parsed(section.text("keys"), KeyTemplate::parseOfQuery);
            if (keys != null && keys.columns().isEmpty()) {
                problem(
                        section.placeOfName("keys"),
                        "expected columns in braces, like " + name + ":{slug}; without one, all rows share one key");
                return null;
            }
            return keys;
        }
        section.require("key", "a key template like " + name + ":{id}, or one key for a whole list");
        return parsed(section.text("key"), KeyTemplate::parseOfQuery);
    }

    private @Nullable From from(
            String name, Section section, @Nullable KeyTemplate key, Function<Section, FieldSelection> fields) {
        if (section.has("query")) {
            refuse(section, "table", "the query says what is read");
            refuse(section, "fields", "the query says what is in a document");
            SqlText sql = parsed(section.text("query"), SqlText::parse, "query");
            if (sql != null && !sql.parameters().isEmpty()) {
                String columns = key == null || key.columns().isEmpty() ? "id" : String.join(", ", key.columns());
                problem(
                        section.placeOfName("query"),
                        "expected a query of all rows, found the parameter :"
                                + sql.parameters().get(0)
                                + "; leave the condition out and let the query give " + columns
                                + ": cache-writer asks it for the keys it needs");
            }
            return sql == null ? null : new QueryCache.Query(sql);
        }
        section.require("table", "the table whose rows it holds, like public.products");
        Setting table = section.text("table");
        TableId id = table == null ? null : TablesReader.id(table, reading.problems());
        if (section.has("index")) {
            refuse(section, "fields", "an index has members and scores, and no documents");
            Setting score = section.text("score");
            return id == null || score == null || key == null
                    ? null
                    : new QueryCache.Rows(id, new FieldSelection.Only(java.util.Set.of(score.text())));
        }
        FieldSelection selected = fields.apply(section);
        return id == null ? null : new QueryCache.Rows(id, selected);
    }

    private static @Nullable TableId rowsOf(@Nullable From from) {
        return from instanceof QueryCache.Rows rows ? rows.table() : null;
    }

    private boolean isMany(Section section, @Nullable KeyTemplate key) {
        boolean list = key != null && key.columns().isEmpty();
        Setting rows = section.text("rows");
        if (rows == null) {
            return list;
        }
        if (!rows.text().equals("one") && !rows.text().equals("many")) {
            problem(
                    rows.place(),
                    "expected one, an entry is its row, or many, an entry is the array of its rows, found \""
                            + rows.text() + "\"");
        }
        return rows.text().equals("many");
    }

    private Pace pace(Section section) {
        Duration after = span(section.text("after"), TtlText::parseFine, "20ms or 1s");
        Duration every = span(section.text("every"), TtlText::parseFine, "500ms, 5s or 1m");
        section.refuseUnknown();
        return new Pace(after == null ? AFTER : after, every == null ? Duration.ZERO : every);
    }

    private Limit limit(Section section) {
        Limit limit = new Limit(
                section.integer("rows", 1, 10_000_000, MOST_ROWS), section.integer("bytes", 1, 512 << 20, MOST_BYTES));
        section.refuseUnknown();
        return limit;
    }

    private @Nullable Index index(Section section) {
        if (!section.has("index")) {
            refuse(section, "member", "it is for an index, with index: the key of a sorted set");
            refuse(section, "score", "it is for an index, with index: the key of a sorted set");
            return null;
        }
        section.require("score", "the column that gives the scores");
        Setting key = reserved(section.text("index"));
        Setting score = section.text("score");
        return key == null || score == null ? null : new Index(key.text(), score.text());
    }

    /** A key as it is, without columns. */
    private @Nullable Setting reserved(@Nullable Setting setting) {
        KeyTemplate key = parsed(setting, KeyTemplate::parseOfQuery);
        if (key != null && setting != null && !key.columns().isEmpty()) {
            problem(setting.place(), "expected one key without columns, found " + setting.text());
            return null;
        }
        return key == null ? null : setting;
    }

    private @Nullable Duration span(
            @Nullable Setting setting, Function<String, java.util.Optional<Duration>> parser, String examples) {
        if (setting == null) {
            return null;
        }
        Duration span = parser.apply(setting.text()).orElse(null);
        if (span == null) {
            problem(
                    setting.place(),
                    "expected a whole number above 0 and a unit, like " + examples + ", found \"" + setting.text()
                            + "\"");
        }
        return span;
    }

    private void refuse(Section section, String name, String why) {
        if (section.has(name)) {
            section.value(name);
            problem(section.placeOfName(name), "there is no place for " + name + " here: " + why);
        }
    }

    private @Nullable KeyTemplate parsed(@Nullable Setting setting, Function<String, KeyTemplate> parser) {
        return parsed(setting, parser, "key template");
    }

    private <T> @Nullable T parsed(@Nullable Setting setting, Function<String, T> parser, String what) {
        if (setting == null) {
            return null;
        }
        try {
            return parser.apply(setting.text());
        } catch (IllegalArgumentException wrong) {
            problem(setting.place(), "this " + what + " cannot be used: " + wrong.getMessage());
            return null;
        }
    }

    private void problem(Place place, String message) {
        reading.problems().add(place, message);
    }
}
