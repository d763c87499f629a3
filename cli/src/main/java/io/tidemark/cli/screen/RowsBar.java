package io.tidemark.cli.screen;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar that fills with rows; plain lines where there is no terminal. Not thread-safe. */
public final class RowsBar implements AutoCloseable {
    private final Screen screen;
    private final String title;
    private final long rows;
    private final @Nullable ProgressBar bar;

    /** @param rows how many there will be */
    public RowsBar(Screen screen, String title, long rows) {
        this.screen = screen;
        this.title = title;
        this.rows = rows;
        this.bar = screen.isTerminal() ? bar(screen, title, rows) : null;
    }

    private static ProgressBar bar(Screen screen, String title, long rows) {
        return new ProgressBarBuilder()
                .setTaskName(title)
                .setInitialMax(rows)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUnit(" rows", 1)
                .showSpeed()
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, screen.width() - 1))
                .build();
    }

    /** So many rows are done. */
    public void at(long done) {
        long shown = Math.min(done, rows);
        if (bar != null) {
            bar.stepTo(shown);
        } else {
            screen.live(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d rows (%d %%)",
                    title,
                    shown,
                    rows,
                    rows == 0 ? 100 : shown * 100 / rows));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        screen.clearLive();
    }
}
