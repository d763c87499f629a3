package io.tidemark.cachewriter.past;

import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.jobs.PartAwayException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes that the topics still hold. Moves nobody's offsets. Thread-safe; methods throw {@link AwayException} where the
 * topics cannot be read now.
 */
public interface History {

    /** What every partition of these topics holds; a topic that does not exist is left out. */
    Map<Partition, Span> spans(Collection<String> topics);

    /** The first offset whose record was published at a time or later; null where there is none. */
    Map<Partition, @Nullable Long> offsetsAt(Collection<Partition> partitions, Instant time);

    /** When the oldest record that a partition still holds was published; null for a partition without any. */
    @Nullable
    Instant begins(Partition partition);

    /**
     * Reads the records of one partition newest first, so that of a row nothing is seen before its newest change.
     *
     * @param from the lowest offset
     * @param to the offset after the highest
     */
    Reading newestFirst(Partition partition, long from, long to);

    /**
     * Offsets of a partition.
     *
     * @param begin the lowest
     * @param end the one that the next record will get
     */
    record Span(long begin, long end) {}

    /** One reading of one partition. For one thread. */
    interface Reading extends AutoCloseable {

        /** The newest records that were not given yet; null at the end. */
        @Nullable
        Chunk next();

        @Override
        void close();
    }

    /** The topics cannot be read now; the message says why. */
    final class AwayException extends PartAwayException {
        private static final long serialVersionUID = 1L;

        public AwayException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
