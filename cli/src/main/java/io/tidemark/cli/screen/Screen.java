package io.tidemark.cli.screen;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a person watches, on stderr: lines that stay, and one line at the bottom that is written over. Where stderr is
 * not a terminal the latter becomes a plain line whenever five seconds brought no other. Thread-safe.
 */
public final class Screen {
    private static final String CLEAR = "\r\033[K";
    private static final Duration PLAIN_LINE_EVERY = Duration.ofSeconds(5);

    private final PrintStream out;
    private final boolean terminal;
    private final java.util.function.IntSupplier width;
    private @Nullable String live;
    private long lastPlainLine = System.nanoTime();

    /** The process's own stderr; whether it is a terminal is known by the script that starts this. */
    public static Screen ofProcess() {
        boolean terminal = Boolean.getBoolean("tidemark.terminal") && !"dumb".equals(System.getenv("TERM"));
        return new Screen(System.err, terminal, new TerminalWidth());
    }

    Screen(PrintStream out, boolean terminal, java.util.function.IntSupplier width) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    public boolean isTerminal() {
        return terminal;
    }

    /** How many characters a line may have. */
    public int width() {
        return terminal ? width.getAsInt() : Integer.MAX_VALUE;
    }

    /** A line that stays. */
    public synchronized void line(String text) {
        if (terminal && live != null) {
            out.print(CLEAR);
        }
        out.println(text);
        lastPlainLine = System.nanoTime();
        if (terminal && live != null) {
            out.print(live);
        }
        out.flush();
    }

    /** Replaces the line at the bottom. */
    public synchronized void live(String text) {
        if (terminal) {
            String fitting = text.length() < width() ? text : text.substring(0, Math.max(0, width() - 1));
            live = fitting;
            out.print(CLEAR + fitting);
        } else {
            long now = System.nanoTime();
            if (now - lastPlainLine < PLAIN_LINE_EVERY.toNanos()) {
                return;
            }
            lastPlainLine = now;
            out.println(text);
        }
        out.flush();
    }

    /** Leaves the line at the bottom as it is; what comes next begins below it. */
    public synchronized void endLive() {
        if (terminal && live != null) {
            out.println();
            out.flush();
        }
        live = null;
        lastPlainLine = System.nanoTime();
    }

    /** Takes the line at the bottom away. */
    public synchronized void clearLive() {
        if (terminal && live != null) {
            out.print(CLEAR);
            out.flush();
        }
        live = null;
        lastPlainLine = System.nanoTime();
    }
}
