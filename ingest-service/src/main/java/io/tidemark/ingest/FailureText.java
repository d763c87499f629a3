package io.tidemark.ingest;

import java.io.IOException;
import java.net.SocketException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Says of a failure whether its cause is outside and passes by itself, and what to look at. Thread-safe. */
final class FailureText {
    private final String database;
    private final String brokers;
    private final KafkaFailure kafka;

    /** Tells failures that are Kafka's not being there; the package that knows Kafka has it. */
    interface KafkaFailure {
        boolean isAway(Throwable failure);
    }

    FailureText(String database, String brokers, KafkaFailure kafka) {
        this.database = database;
        this.brokers = brokers;
        this.kafka = kafka;
    }

    /** Whether PostgreSQL or Kafka is not there, or not yet. */
    boolean isOutside(Throwable failure) {
        return postgresAway(failure) != null || kafkaAway(failure) != null;
    }

    /** What to read on call. */
    String text(Throwable failure) {
        Throwable postgres = postgresAway(failure);
        if (postgres != null) {
            return "PostgreSQL at " + database + " does not answer (" + postgres.getMessage()
                    + "): check that it runs, that source.url names it and that it lets this machine in";
        }
        Throwable away = kafkaAway(failure);
        if (away != null) {
            return "Kafka at " + brokers + " does not answer (" + away.getMessage()
                    + "): check that it runs and that kafka.bootstrap names it";
        }
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (message != null && text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.isEmpty() ? failure.getClass().getSimpleName() : text.toString();
    }

    private @Nullable Throwable kafkaAway(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kafka.isAway(each)) {
                return each;
            }
        }
        return null;
    }

    private static @Nullable Throwable postgresAway(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && isConnectionState(sql)) {
                return each;
            }
        }
        return null;
    }

    /** Class 08 is a lost connection, 57P an ended or starting server, 53300 too many connections. */
    private static boolean isConnectionState(SQLException failure) {
        String state = failure.getSQLState();
        return failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || (state != null && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300")))
                || failure.getCause() instanceof SocketException
                || failure.getCause() instanceof IOException
                || failure.getCause() instanceof TimeoutException;
    }
}
