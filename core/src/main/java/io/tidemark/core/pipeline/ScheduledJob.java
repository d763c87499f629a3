package io.tidemark.core.pipeline;

import io.tidemark.core.timetable.Timetable;
import java.util.List;
import java.util.Locale;

/**
 * Something that is done on a schedule. Immutable.
 *
 * @param name the name in the pipeline file
 * @param kind what is done
 * @param timetable when
 * @param caches to which caches, by name; empty for all
 * @param force whether a resync is done where none is due
 * @param batchSize how many entries a comparison takes at once
 * @param maxInstances how many entries it looks at, at most
 */
public record ScheduledJob(
        String name,
        Kind kind,
        Timetable timetable,
        List<String> caches,
        boolean force,
        int batchSize,
        int maxInstances) {

    /** What can be done on a schedule. */
    public enum Kind {
        /** Entries are read again from the database. */
        RESYNC,
        /** Caches are compared with the database, and what drifted is repaired. */
        RECONCILE,
        /** What is missing is filled. */
        WARM,
        /** Caches are compared with the database. */
        VERIFY,
        /** The caches of the search data are read again. */
        SEARCH;

        /** As the file has it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ScheduledJob {
        caches = List.copyOf(caches);
    }

    /** The same at other times. */
    public ScheduledJob at(Timetable other) {
        return new ScheduledJob(name, kind, other, caches, force, batchSize, maxInstances);
    }
}
