package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.Job;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Goes through keys that Redis gives by its own loop, where the work on each portion may fail or wait. */
final class Portions {
    private Portions() {}

    /** Work on some keys. */
    @FunctionalInterface
    interface Each {
        void take(List<String> keys) throws SQLException, InterruptedException;
    }

    /** A walk that gives its keys in portions. */
    @FunctionalInterface
    interface Walk {
        void go(Consumer<List<String>> portion);
    }

    /** Takes every portion, until the job is cancelled. */
    static void walk(Walk walk, Job job, Each each) throws SQLException, InterruptedException {
        try {
            walk.go(portion -> {
                if (job.isCancelled()) {
                    throw new Stop(null);
                }
                try {
                    each.take(portion);
                } catch (SQLException | InterruptedException failure) {
                    throw new Stop(failure);
                }
            });
        } catch (Stop stop) {
            Exception cause = stop.failure;
            if (cause instanceof SQLException sql) {
                throw sql;
            }
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
        }
    }

    static List<List<String>> of(List<String> keys, int size) {
        List<List<String>> portions = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += size) {
            portions.add(keys.subList(from, Math.min(keys.size(), from + size)));
        }
        return portions;
    }

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @org.jspecify.annotations.Nullable
        private final transient Exception failure;

        Stop(@org.jspecify.annotations.Nullable Exception failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }
    }
}
