package io.tidemark.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

    @Test
    void a_line_that_stays_goes_above_the_live_line() {
        Screen screen = new Screen(out, true, () -> 80);
        screen.live("one");
        screen.line("news");
        screen.endLive();
        assertThat(text()).isEqualTo("\r\033[Kone\r\033[Knews\none\n");
    }

    @Test
    void a_live_line_never_wraps() {
        Screen screen = new Screen(out, true, () -> 10);
        screen.live("0123456789abc");
        assertThat(text()).isEqualTo("\r\033[K012345678");
    }

    @Test
    void without_a_terminal_there_is_no_control_character_and_no_flood_of_lines() {
        Screen screen = new Screen(out, false, () -> 80);
        for (int i = 0; i < 100; i++) {
            screen.live("live " + i);
        }
        screen.line("news");
        screen.endLive();
        screen.clearLive();
        assertThat(text()).isEqualTo("news\n");
    }

    @Test
    void tables_are_aligned_with_numbers_to_the_right() {
        TextTable table = TextTable.ofNumbers("cache", "stale");
        table.row("product", "1,234");
        table.row("bill-line", "0");
        assertThat(table.toString()).isEqualTo("cache      stale\nproduct    1,234\nbill-line      0");
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
