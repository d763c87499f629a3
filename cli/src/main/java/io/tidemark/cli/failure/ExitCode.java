package io.tidemark.cli.failure;

/** What the command's exit codes mean; scripts rely on them. */
public final class ExitCode {
    public static final int GOOD = 0;
    public static final int FAILED = 1;
    /** Wrong usage: an option, a value, the pipeline file, a port that is taken. */
    public static final int USAGE = 2;
    /** A cache differs from its table. */
    public static final int DRIFT = 3;

    public static final int UNHEALTHY = 4;
    public static final int CANNOT_CONNECT = 5;
    /** Another run holds the directory, or replays the same topics. */
    public static final int LOCKED = 6;

    public static final int WAITED_TOO_LONG = 124;
    /** Ctrl-C before the work was done, as shells count it. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
