package io.tidemark.ingest.kafka;

import io.tidemark.core.freshness.Progress;

/** Writes to the progress topic how far was published. Not thread-safe. */
public final class ProgressLog implements AutoCloseable {
    private static final String KEY = "progress";

    private final KeyedLog log;

    public ProgressLog(KafkaClients clients) {
        this.log = new KeyedLog(clients, clients.settings().topics().progress());
    }

    /** Writes it without waiting: the next one says more than one that is lost. */
    public void write(Progress progress) {
        log.writeSoon(KEY, progress.json());
    }

    @Override
    public void close() {
        log.close();
    }
}
