package io.tidemark.core.timetable;

/** A cron line that cannot be read. */
public final class CronSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    CronSyntaxException(int position, String message) {
        super(message);
        this.position = position;
    }

    /** Where in the line, from 0. */
    public int position() {
        return position;
    }
}
