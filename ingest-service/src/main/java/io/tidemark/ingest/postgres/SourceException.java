package io.tidemark.ingest.postgres;

import java.sql.SQLException;

/** PostgreSQL did not answer, or not as expected. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
        super(message);
    }

    SourceException(String doing, SQLException cause) {
        super(doing + ": " + cause.getMessage(), cause);
    }
}
