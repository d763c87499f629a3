package io.tidemark.core.pipeline;

import io.tidemark.core.pipeline.ResyncSettings.Strategy;
import io.tidemark.core.pipeline.ScheduledJob.Kind;
import io.tidemark.core.pipeline.WarmSettings.Source;
import io.tidemark.core.timetable.Cron;
import io.tidemark.core.timetable.CronSyntaxException;
import io.tidemark.core.timetable.Every;
import io.tidemark.core.timetable.Timetable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads what is done by time: the resync of a cache, the schedules, the search data. */
final class UpkeepReader {
    static final String NIGHTLY = "search-nightly";
    static final String NET = "search-net";
    private static final String NIGHTLY_AT = "0 2 * * *";
    private static final Duration NET_EVERY = Duration.ofHours(24);
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final int BATCH = 500;
    private static final int MOST_INSTANCES = 1_000_000_000;

    private final Reading reading;

    UpkeepReader(Reading reading) {
        this.reading = reading;
    }

    /**
     * What keeps one cache right.
     *
     * @param cache the section of the cache
     * @param ttl how long its entries live; null for ever
     */
    @Nullable
    ResyncSettings resync(Section cache, @Nullable Duration ttl) {
        Section section = cache.section("resync");
        Setting chosen = section.text("strategy");
        Setting written = section.text("interval");
        Setting from = section.text("source");
        section.refuseUnknown();
        if (!cache.has("resync") && chosen == null && written == null && from == null) {
            return null;
        }
        Strategy strategy = strategy(chosen);
        Source source = source(from, strategy, QueriesReader.isOne(cache));
        Duration interval = span(written);
        if (strategy == Strategy.EVENTS) {
            if (written != null) {
                problem(written.place(), "there is no place for interval here: with events, no resync is done by time");
            }
            return new ResyncSettings(strategy, null, source);
        }
        if (written == null) {
            section.require("interval", "how long after a resync the next one is due, like 30m");
        }
        if (written == null || interval == null) {
            return null;
        }
        if (ttl != null && ttl.compareTo(interval) <= 0) {
            problem(
                    written.place(),
                    "expected a ttl above the resync's interval, found a ttl of " + seconds(ttl)
                            + " and an interval of "
                            + seconds(interval)
                            + ": entries would expire before the next resync brings them back; lengthen the ttl or"
                            + " shorten the interval");
        }
        return new ResyncSettings(strategy, interval, source);
    }

    private Source source(@Nullable Setting setting, Strategy strategy, boolean isRead) {
        if (setting == null || setting.text().equals("database")) {
            return Source.DATABASE;
        }
        String problem = null;
        if (!setting.text().equals("kafka")) {
            problem = "expected database or kafka, found \"" + setting.text() + "\"";
        } else if (isRead) {
            problem = "a cache that is read by a query has no topic: leave out source, or say database";
        } else if (!strategy.followsChanges()) {
            problem = "with time, no change reaches the cache, so that nothing in Kafka can: leave out source, or say"
                    + " database";
        }
        if (problem != null) {
            problem(setting.place(), problem);
        }
        return problem == null ? Source.KAFKA : Source.DATABASE;
    }

    private Strategy strategy(@Nullable Setting setting) {
        if (setting == null) {
            return Strategy.HYBRID;
        }
        for (Strategy strategy : Strategy.values()) {
            if (setting.text().equals(strategy.name().toLowerCase(Locale.ROOT))) {
                return strategy;
            }
        }
        problem(
                setting.place(),
                "expected hybrid, changes at once and a resync as the net, events, changes alone, or time, a resync"
                        + " alone, found \"" + setting.text() + "\"");
        return Strategy.HYBRID;
    }

    /** The caches of the search data. */
    SearchData search(Section section, Set<String> caches) {
        Map<SearchData.Kind, List<String>> kinds = new EnumMap<>(SearchData.Kind.class);
        for (SearchData.Kind kind : SearchData.Kind.values()) {
            List<String> names = caches(section.texts(kind.text()), caches);
            if (!names.isEmpty()) {
                kinds.put(kind, names);
            }
        }
        if (kinds.isEmpty() && section.names().iterator().hasNext()) {
            problem(section.place(), "expected at least one of categories, boxes and options, each a list of caches");
        }
        return new SearchData(kinds);
    }

    /** When the search data is read again; call it after {@link #search}. */
    List<ScheduledJob> searchSchedules(Section section, boolean isAny) {
        ZoneId zone = zone(section.text("zone"));
        Timetable nightly = cron(section, zone, NIGHTLY_AT);
        Duration every = span(section.text("every"));
        section.refuseUnknown();
        if (!isAny) {
            return List.of();
        }
        List<ScheduledJob> jobs = new ArrayList<>();
        if (nightly != null) {
            jobs.add(search(NIGHTLY, nightly));
        }
        jobs.add(search(NET, new Every(every == null ? NET_EVERY : every)));
        return jobs;
    }

    private static ScheduledJob search(String name, Timetable timetable) {
        return new ScheduledJob(name, Kind.SEARCH, timetable, List.of(), true, BATCH, MOST_INSTANCES);
    }

    /** What is done on a schedule. */
    List<ScheduledJob> schedules(Section section, Set<String> caches, boolean hasSearch) {
        List<ScheduledJob> jobs = new ArrayList<>();
        for (String name : section.names()) {
            if (!name.matches("[a-z][a-z0-9_-]{0,62}") || name.equals(NIGHTLY) || name.equals(NET)) {
                problem(
                        section.placeOfName(name),
                        "expected a name that begins with a-z and goes on with a-z, 0-9, _ and -, and is neither "
                                + NIGHTLY + " nor " + NET + ", found \"" + name + "\"");
            }
            ScheduledJob job = schedule(name, section.section(name), caches, hasSearch);
            if (job != null) {
                jobs.add(job);
            }
        }
        return jobs;
    }

    private @Nullable ScheduledJob schedule(String name, Section section, Set<String> caches, boolean hasSearch) {
        Kind kind = kind(section, hasSearch);
        ZoneId zone = zone(section.text("zone"));
        Timetable timetable = timetable(section, zone);
        List<String> chosen = caches(section.texts("caches"), caches);
        boolean force = section.flag("force");
        int batch = section.integer("batch_size", 1, 10_000, BATCH);
        int most = section.integer("max_instances", 1, MOST_INSTANCES, MOST_INSTANCES);
        section.refuseUnknown();
        return kind == null || timetable == null
                ? null
                : new ScheduledJob(name, kind, timetable, chosen, force, batch, most);
    }

    private @Nullable Kind kind(Section section, boolean hasSearch) {
        String choice = Stream.of(Kind.values()).map(Kind::text).collect(Collectors.joining(", "));
        section.require("job", "what is done, one of " + choice);
        Setting setting = section.text("job");
        if (setting == null) {
            return null;
        }
        for (Kind kind : Kind.values()) {
            if (setting.text().equals(kind.text())) {
                if (kind == Kind.SEARCH && !hasSearch) {
                    problem(setting.place(), "there is no search data to read again; name its caches under search");
                }
                return kind;
            }
        }
        problem(setting.place(), "expected one of " + choice + ", found \"" + setting.text() + "\"");
        return null;
    }

    private @Nullable Timetable timetable(Section section, ZoneId zone) {
        if (section.has("cron") == section.has("every")) {
            problem(
                    section.place(),
                    "expected either cron, like \"0 3 * * *\", or every, like 6h, found "
                            + (section.has("cron") ? "both" : "neither"));
            section.text("cron");
            section.text("every");
            return null;
        }
        if (section.has("cron")) {
            return cron(section, zone, null);
        }
        Duration every = span(section.text("every"));
        return every == null ? null : new Every(every);
    }

    private @Nullable Timetable cron(Section section, ZoneId zone, @Nullable String otherwise) {
        Setting setting = section.text("cron");
        if (setting == null && (otherwise == null || section.has("cron"))) {
            return null;
        }
        try {
            return Cron.parse(setting == null ? String.valueOf(otherwise) : setting.text(), zone);
        } catch (CronSyntaxException wrong) {
            Place place = setting == null ? section.place() : setting.place();
            int quote = section.value("cron") instanceof ScalarNode node && node.getScalarStyle() != ScalarStyle.PLAIN
                    ? 1
                    : 0;
            problem(
                    place.line() == 0
                            ? place
                            : new Place(
                                    place.source(),
                                    place.line(),
                                    place.column() + quote + wrong.position(),
                                    place.path()),
                    String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    private ZoneId zone(@Nullable Setting setting) {
        if (setting == null) {
            return UTC;
        }
        try {
            return ZoneId.of(setting.text());
        } catch (DateTimeException unknown) {
            problem(setting.place(), "expected a time zone like UTC or Europe/Paris, found \"" + setting.text() + "\"");
            return UTC;
        }
    }

    private List<String> caches(List<Setting> settings, Set<String> known) {
        for (Setting setting : settings) {
            if (!known.contains(setting.text())) {
                problem(
                        setting.place(),
                        "there is no cache " + setting.text() + " under caches; "
                                + Suggestion.remedy(setting.text(), known));
            }
        }
        return settings.stream().map(Setting::text).toList();
    }

    private @Nullable Duration span(@Nullable Setting setting) {
        if (setting == null) {
            return null;
        }
        Duration span = TtlText.parse(setting.text()).orElse(null);
        if (span == null) {
            problem(
                    setting.place(),
                    "expected a whole number above 0 and a unit, like 90s, 30m, 2h or 7d, found \"" + setting.text()
                            + "\"");
        }
        return span;
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private void problem(Place place, String message) {
        reading.problems().add(place, message);
    }
}
