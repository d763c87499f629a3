package io.tidemark.core.timetable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @Test
    void a_daily_time_follows_the_clock_on_the_wall_over_both_changes() throws Exception {
        Cron daily = Cron.parse("0 2 * * *", PARIS);

        // Clocks leave out 02:00 to 03:00 on 29 March 2026 and show it twice on 25 October.
        assertThat(times(daily, "2026-03-27T12:00", 4))
                .containsExactly(
                        "2026-03-28T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-31T00:00:00Z");
        assertThat(times(daily, "2026-10-23T12:00", 4))
                .containsExactly(
                        "2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z", "2026-10-27T01:00:00Z");
    }

    @Test
    void times_that_the_clocks_leave_out_happen_once_at_the_change() throws Exception {
        Cron two = Cron.parse("15,45 2 * * *", PARIS);

        assertThat(times(two, "2026-03-28T12:00", 3))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z", "2026-03-30T00:45:00Z");
    }

    @Test
    void times_of_every_hour_go_on_through_the_hour_that_comes_twice_and_the_one_that_does_not_come() throws Exception {
        Cron quarters = Cron.parse("*/15 * * * *", PARIS);

        for (String day : List.of("2026-10-25T00:00", "2026-03-29T00:00", "2026-07-01T00:00")) {
            List<String> times = times(quarters, day, 40);
            for (int i = 1; i < times.size(); i++) {
                assertThat(Duration.between(Instant.parse(times.get(i - 1)), Instant.parse(times.get(i))))
                        .as("after " + times.get(i - 1))
                        .isEqualTo(Duration.ofMinutes(15));
            }
        }
    }

    @Test
    void every_moment_of_a_year_has_a_later_next_time_and_none_is_left_out() throws Exception {
        Cron cron = Cron.parse("30 */6 * * 1-5", ZoneId.of("America/New_York"));
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        List<Instant> stepwise = new ArrayList<>();
        for (Instant next = cron.next(at);
                next.isBefore(Instant.parse("2027-01-01T00:00:00Z"));
                next = cron.next(next)) {
            stepwise.add(next);
        }

        for (int i = 1; i < stepwise.size(); i++) {
            assertThat(cron.next(stepwise.get(i).minusSeconds(1))).isEqualTo(stepwise.get(i));
        }
        assertThat(stepwise).hasSizeBetween(261 * 4 - 4, 261 * 4 + 4);
    }

    @ParameterizedTest
    @CsvSource({
        "0 25 * * *, 2, hour",
        "61 * * * *, 0, minute",
        "0 3 * * FUNDAY, 8, day of week",
        "0 3 * 13 *, 6, month",
        "0  3 32 * *, 5, day of month",
        "0 3 * *, 7, five fields",
        "0 3 * * * *, 10, five fields",
        "0 3 30 2 *, 4, a time that comes",
        "every day, 9, five fields"
    })
    void a_wrong_line_is_refused_with_the_place_and_what_was_expected(String line, int place, String expected) {
        CronSyntaxException wrong =
                catchThrowableOfType(CronSyntaxException.class, () -> Cron.parse(line, ZoneId.of("UTC")));

        assertThat(wrong).hasMessageContaining(expected);
        assertThat(wrong.position()).isEqualTo(place);
    }

    @Test
    void what_was_missed_is_counted() throws Exception {
        Timetable hourly = Cron.parse("0 * * * *", ZoneId.of("UTC"));
        Instant planned = Instant.parse("2026-05-01T00:00:00Z");

        assertThat(hourly.timesBetween(planned, planned.plusSeconds(3 * 3600), 100))
                .isEqualTo(3);
        assertThat(hourly.timesBetween(planned, planned.plusSeconds(1000 * 3600), 100))
                .isEqualTo(100);
        assertThat(new Every(Duration.ofHours(2)).timesBetween(planned, planned.plusSeconds(5 * 3600), 100))
                .isEqualTo(2);
    }

    private static List<String> times(Cron cron, String local, int count) {
        List<String> times = new ArrayList<>();
        Instant at = LocalDateTime.parse(local).atZone(PARIS).toInstant();
        for (int i = 0; i < count; i++) {
            at = cron.next(at);
            times.add(at.toString());
        }
        return times;
    }
}
