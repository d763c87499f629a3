package io.tidemark.positions.snapshot;

/** A snapshot file cannot be trusted; the message names the file and the cause. */
final class SnapshotRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    SnapshotRefusedException(String message) {
        super(message);
    }

    SnapshotRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
