package io.tidemark.cachewriter.topics;

import io.tidemark.core.change.TableId;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The topics of tables, read from their beginning beside those who follow them: no offset of theirs is touched. Thread-safe.
 *
 * <p>Only the newest record of each row is given, as far as the topic went when its partition was begun. An older one, applied
 * where Redis has forgotten the fence, would be an old value as if it were new.
 */
public interface RowTopics {

    /**
     * The newest record of a row.
     *
     * @param key its key's bytes
     * @param value its value's bytes; null when the row is gone, only among those that came late
     * @param header gives a header's last value by its name, null when there is none
     * @param ofAnEarlierEpoch whether the stream has begun anew since, or the table may have been truncated since, so that the record
     *     does not say what became of the row
     */
    record Newest(
            byte[] key,
            byte @Nullable [] value,
            Function<String, byte @Nullable []> header,
            boolean ofAnEarlierEpoch) {}

    /** What is done with rows. */
    interface Each {
        /** @param cursor where to go on after these rows */
        void take(List<Newest> rows, String cursor) throws SQLException, InterruptedException;

        /** Records of rows that were given before, which came since then, in their order. */
        void late(List<Newest> rows) throws SQLException, InterruptedException;
    }

    /**
     * About how many records there are, older ones of the same rows among them.
     *
     * @throws io.tidemark.cachewriter.jobs.RefusedException when there is no such topic
     * @throws io.tidemark.cachewriter.jobs.PartAwayException when Kafka cannot be asked
     */
    long records(TableId table);

    /**
     * Gives the newest record of each row that has not been deleted, in small portions.
     *
     * @param cursor where to go on; null to begin
     * @param goOn asked now and then whether to go on
     * @throws io.tidemark.cachewriter.jobs.RefusedException when there is no such topic
     * @throws io.tidemark.cachewriter.jobs.PartAwayException when Kafka cannot be read
     */
    void newest(TableId table, @Nullable String cursor, BooleanSupplier goOn, Each each)
            throws SQLException, InterruptedException;
}
