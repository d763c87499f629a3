package io.tidemark.reconciler.cause;

import io.tidemark.core.pipeline.Cache;
import io.tidemark.reconciler.verify.Drift;
import java.util.List;
import java.util.Map;

/** What Kafka shows of rows. Thread-safe. */
public interface Stream {

    /**
     * The newest change of each row that was committed before the row was compared.
     *
     * @param cache whose entries differ
     * @param drifts which entries
     * @return by the entries' keys
     */
    Map<String, Evidence.Search> newest(Cache cache, List<Drift> drifts) throws InterruptedException;
}
