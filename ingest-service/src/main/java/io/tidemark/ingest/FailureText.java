package io.tidemark.ingest;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says of a failure whether its cause is outside and passes by itself, and what to look at. Thread-safe. */
final class FailureText {
    private final String database;
    private final String brokers;
    private final Predicate<Throwable> postgresAway;
    private final Predicate<Throwable> kafkaAway;
    private final Predicate<Throwable> notLetIn;

    /**
     * @param database where it is, for a message
     * @param brokers where they are, for a message
     * @param postgresAway whether a failure means that PostgreSQL is not there
     * @param kafkaAway whether a failure means that Kafka is not there
     * @param notLetIn whether a failure means that PostgreSQL is there and refuses the user or the database
     */
    FailureText(
            String database,
            String brokers,
            Predicate<Throwable> postgresAway,
            Predicate<Throwable> kafkaAway,
            Predicate<Throwable> notLetIn) {
        this.database = database;
        this.brokers = brokers;
        this.postgresAway = postgresAway;
        this.kafkaAway = kafkaAway;
        this.notLetIn = notLetIn;
    }

    /** Whether PostgreSQL or Kafka is not there, or not yet. */
    boolean isOutside(Throwable failure) {
        return find(failure, postgresAway) != null || find(failure, kafkaAway) != null;
    }

    /** Whether PostgreSQL is there and does not let us in. */
    boolean isRefused(Throwable failure) {
        return find(failure, notLetIn) != null;
    }

    /** What to read on call. */
    String text(Throwable failure) {
        Throwable refused = find(failure, notLetIn);
        if (refused != null) {
            return "PostgreSQL at " + database + " does not let ingest-service in (" + firstLine(refused)
                    + "): check user and database in source.url, source.password and pg_hba.conf";
        }
        Throwable postgres = find(failure, postgresAway);
        if (postgres != null) {
            return "PostgreSQL at " + database + " does not answer (" + firstLine(postgres)
                    + "): check that it runs, that source.url names it and that it lets this machine in";
        }
        Throwable kafka = find(failure, kafkaAway);
        if (kafka != null) {
            return "Kafka at " + brokers + " does not answer (" + firstLine(kafka)
                    + "): check that it runs and that kafka.bootstrap names it";
        }
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = firstLine(each);
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }

    private static @Nullable Throwable find(Throwable failure, Predicate<Throwable> wanted) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (wanted.test(each)) {
                return each;
            }
        }
        return null;
    }

    /** The rest may quote a row. */
    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
