package io.tidemark.cli.screen;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The terminal's width in characters, asked for again from time to time because windows change. Thread-safe. */
final class TerminalWidth implements IntSupplier {
    private static final int USUAL = 80;
    private static final long GOOD_FOR_NANOS = TimeUnit.SECONDS.toNanos(3);

    private int width = USUAL;
    private long askedAt;
    private boolean asked;

    @Override
    public synchronized int getAsInt() {
        long now = System.nanoTime();
        if (!asked || now - askedAt > GOOD_FOR_NANOS) {
            asked = true;
            askedAt = now;
            width = ask();
        }
        return width;
    }

    private static int ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int columns = answer.matches("\\d+ \\d+") ? Integer.parseInt(answer.replaceFirst(".* ", "")) : 0;
            return columns >= 20 ? columns : USUAL;
        } catch (IOException e) {
            return USUAL;
        }
    }
}
