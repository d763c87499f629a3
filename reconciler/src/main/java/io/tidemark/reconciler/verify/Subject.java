package io.tidemark.reconciler.verify;

import io.tidemark.core.document.Format;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import java.util.ArrayList;
import java.util.List;

/** A cache that is compared with the database. Immutable. */
public sealed interface Subject {

    /** The cache's name. */
    String name();

    /** How an entry is called by its row; of a sorted set, a member. */
    KeyTemplate key();

    /** Whether each row has its entry at all times. */
    boolean keptWhole();

    /** How Redis holds a document. */
    Format format();

    /** A cache that is kept of the rows of a table. */
    record OfRows(Cache cache) implements Subject {
        @Override
        public String name() {
            return cache.name();
        }

        @Override
        public KeyTemplate key() {
            return cache.key();
        }

        @Override
        public boolean keptWhole() {
            return cache.keptWhole();
        }

        @Override
        public Format format() {
            return cache.format();
        }
    }

    /** A cache that is read from the database. */
    record OfQuery(QueryCache cache) implements Subject {
        @Override
        public String name() {
            return cache.name();
        }

        @Override
        public KeyTemplate key() {
            return cache.key();
        }

        @Override
        public boolean keptWhole() {
            return cache.keptWhole();
        }

        @Override
        public Format format() {
            return cache.format();
        }
    }

    /** Every cache of a pipeline, those that are kept of rows first. */
    static List<Subject> all(Pipeline pipeline) {
        List<Subject> subjects = new ArrayList<>();
        pipeline.caches().forEach(cache -> subjects.add(new OfRows(cache)));
        pipeline.queries().caches().forEach(cache -> subjects.add(new OfQuery(cache)));
        return subjects;
    }
}
