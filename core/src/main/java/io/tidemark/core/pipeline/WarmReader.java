package io.tidemark.core.pipeline;

import io.tidemark.core.pipeline.WarmSettings.Source;

/** Reads how caches are warmed. */
final class WarmReader {
    private static final int MOST = 1_000_000_000;

    private final Reading reading;

    WarmReader(Reading reading) {
        this.reading = reading;
    }

    /** @param cache the settings of a cache that has some for warming */
    WarmSettings warm(Section cache) {
        Section warm = cache.section("warm");
        Setting at = warm.text("at");
        Setting source = warm.text("source");
        boolean isRead = QueriesReader.isOne(cache);
        WarmSettings settings = new WarmSettings(
                is(at, "start", "demand", "start, whenever cache-writer starts, or demand, when somebody asks for it"),
                warm.integer("limit", 1, MOST, MOST),
                warm.integer("rows_per_second", 1, 1_000_000, 0),
                is(source, "kafka", "database", "database or kafka") ? Source.KAFKA : Source.DATABASE);
        if (isRead && settings.source() == Source.KAFKA) {
            problem(warm, "source", "a cache that is read by a query has no topic: leave out source, or say database");
        }
        if (isRead && settings.rowsPerSecond() > 0) {
            problem(
                    warm,
                    "rows_per_second",
                    "there is no place for rows_per_second here: how fast caches are read that come from queries is said"
                            + " for all of them, under refresh");
        }
        if (cache.has("index") && warm.has("limit")) {
            problem(warm, "limit", "there is no place for limit here: a sorted set is kept whole");
        }
        warm.refuseUnknown();
        return settings;
    }

    private boolean is(@org.jspecify.annotations.Nullable Setting setting, String one, String other, String expected) {
        if (setting != null && !setting.text().equals(one) && !setting.text().equals(other)) {
            reading.problems().add(setting.place(), "expected " + expected + ", found \"" + setting.text() + "\"");
        }
        return setting != null && setting.text().equals(one);
    }

    private void problem(Section section, String name, String message) {
        reading.problems().add(section.placeOfName(name), message);
    }
}
