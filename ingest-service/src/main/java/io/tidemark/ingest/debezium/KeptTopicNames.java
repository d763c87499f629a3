package io.tidemark.ingest.debezium;

import io.debezium.schema.SchemaTopicNamingStrategy;
import io.debezium.spi.schema.DataCollectionId;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Debezium's own names of topics, kept in a plain map: its bounded one counts all it holds at every look-up, which is
 * once a change. Debezium makes it by its name. Thread-safe.
 */
public final class KeptTopicNames extends SchemaTopicNamingStrategy {
    private final Map<DataCollectionId, String> names = new ConcurrentHashMap<>();

    public KeptTopicNames(Properties settings) {
        super(settings);
    }

    @Override
    public String dataChangeTopic(DataCollectionId table) {
        String known = names.get(table);
        if (known == null) {
            known = super.dataChangeTopic(table);
            names.put(table, known);
        }
        return known;
    }
}
