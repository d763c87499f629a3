package io.tidemark.core.timetable;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times of a cron line of five fields (minute, hour, day of month, month, day of week), as the clocks on the wall of a zone
 * show them.
 *
 * <p>On the days when clocks change: a time at fixed hours happens exactly once, at the moment of the change when the clocks leave
 * it out and the first time when they show it twice. Where the hour is {@code *}, or {@code *} with a step, times follow the clock
 * as it goes, so that none is left waiting for an hour. See crontab(5) of Debian's cron.
 */
public final class Cron implements Timetable {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final List<String> FIELDS = List.of("minute", "hour", "day of month", "month", "day of week");
    private static final Pattern FIELD = Pattern.compile("\\S+");
    private static final Duration LONGEST_CHANGE = Duration.ofHours(3);

    private final String line;
    private final ZoneId zone;
    private final ExecutionTime times;
    private final boolean everyHour;

    private Cron(String line, ZoneId zone, ExecutionTime times) {
        this.line = line;
        this.zone = zone;
        this.times = times;
        this.everyHour = line.split(" ")[1].startsWith("*");
    }

    /**
     * Reads a line.
     *
     * @throws CronSyntaxException with the place of the field that is wrong, or of the line that never comes true
     */
    public static Cron parse(String text, ZoneId zone) throws CronSyntaxException {
        List<String> fields = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Matcher matcher = FIELD.matcher(text);
        while (matcher.find()) {
            fields.add(matcher.group());
            places.add(matcher.start());
        }
        if (fields.size() != FIELDS.size()) {
            int at = fields.size() > FIELDS.size() ? places.get(FIELDS.size()) : text.length();
            throw new CronSyntaxException(
                    at,
                    "expected five fields, " + String.join(", ", FIELDS) + ", like \"0 3 * * *\", found "
                            + fields.size());
        }
        for (int i = 0; i < fields.size(); i++) {
            requireField(fields.get(i), i, places.get(i));
        }
        Cron cron = new Cron(String.join(" ", fields), zone, times(String.join(" ", fields)));
        if (cron.local(LocalDateTime.of(2024, 1, 1, 0, 0)).isEmpty()) {
            throw new CronSyntaxException(
                    places.get(2), "expected a time that comes, found \"" + cron.line + "\", which no date fulfils");
        }
        return cron;
    }

    private static void requireField(String field, int at, int place) throws CronSyntaxException {
        List<String> alone = new ArrayList<>(List.of("*", "*", "*", "*", "*"));
        alone.set(at, field);
        try {
            times(String.join(" ", alone));
        } catch (IllegalArgumentException wrong) {
            throw new CronSyntaxException(
                    place,
                    "expected " + (at == 1 ? "an " : "a ") + FIELDS.get(at) + " like " + examples(at) + ", found \""
                            + field + "\" in field " + (at + 1));
        }
    }

    private static String examples(int field) {
        return switch (field) {
            case 0 -> "*, 0, 0,30 or */15 (0 to 59)";
            case 1 -> "*, 3, 8-18 or */2 (0 to 23)";
            case 2 -> "*, 1 or 1,15 (1 to 31)";
            case 3 -> "*, 1 or JAN (1 to 12)";
            default -> "*, 0, 1-5 or MON (0 to 7, Sunday is 0 and 7)";
        };
    }

    private static ExecutionTime times(String line) {
        return ExecutionTime.forCron(PARSER.parse(line).validate());
    }

    @Override
    public Instant next(Instant after) {
        LocalDateTime from = LocalDateTime.ofInstant(after, zone).minus(LONGEST_CHANGE);
        Instant best = null;
        LocalDateTime enough = null;
        while (true) {
            LocalDateTime local = local(from).orElse(null);
            if (local == null || (enough != null && local.isAfter(enough))) {
                break;
            }
            for (Instant moment : momentsOf(local)) {
                if (moment.isAfter(after) && (best == null || moment.isBefore(best))) {
                    best = moment;
                    // A later time on the wall may be an earlier moment, by as much as clocks are put back.
                    enough = local.plus(LONGEST_CHANGE);
                }
            }
            from = local;
        }
        if (best == null) {
            throw new IllegalStateException("BUG: no time of \"" + line + "\" after " + after);
        }
        return best;
    }

    private Optional<LocalDateTime> local(LocalDateTime after) {
        // Without a zone's changes, which are this class's own.
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    private List<Instant> momentsOf(LocalDateTime local) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition leap = rules.getTransition(local);
            return everyHour ? List.of() : List.of(leap.getInstant());
        }
        return everyHour ? offsets.stream().map(local::toInstant).toList() : List.of(local.toInstant(offsets.get(0)));
    }

    @Override
    public String text() {
        return line + " " + zone;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron cron && cron.line.equals(line) && cron.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return line.hashCode() * 31 + zone.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
