package io.tidemark.ingest.stream;

import io.tidemark.core.change.TableId;

/** Is told how the stream goes, on the stream's one thread. Its methods return at once and do not throw. */
public interface StreamListener {

    /** Does not listen. */
    StreamListener NONE = new StreamListener() {
        @Override
        public void alive() {}

        @Override
        public void batchBegins() {}

        @Override
        public void batchPublished(long publishedLsn) {}

        @Override
        public void published(TableId table, String operation, int count) {}

        @Override
        public void snapshotDone() {}
    };

    /** Something came, be it only Debezium's heartbeat. */
    void alive();

    /** A batch is in hand: it is to be seen by all, sent and acknowledged. */
    void batchBegins();

    /**
     * All that came is acknowledged.
     *
     * @param publishedLsn every commit up to this LSN is published; 0 when that is not known yet
     */
    void batchPublished(long publishedLsn);

    /** Changes of one table and operation were published. */
    void published(TableId table, String operation, int count);

    /** The first snapshot is published whole. */
    void snapshotDone();
}
