package io.tidemark.ingest.epoch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What ingest-service must not forget of the epoch that runs: a record of the state topic.
 *
 * @param epoch which life of the change stream, 1 and up
 * @param reason why it began
 * @param systemIdentifier of the PostgreSQL cluster it reads
 * @param timeline of that cluster's WAL
 * @param publication the publication's oid
 * @param tables the oid of each table's relation by {@code schema.table}
 * @param snapshotDone whether the first snapshot of this epoch was published whole
 */
public record StreamState(
        int epoch,
        String reason,
        String systemIdentifier,
        int timeline,
        long publication,
        SortedMap<String, Long> tables,
        boolean snapshotDone) {
    private static final JsonMapper JSON = new JsonMapper();

    public StreamState {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    /** The same with its snapshot published whole. */
    public StreamState withSnapshotDone() {
        return new StreamState(epoch, reason, systemIdentifier, timeline, publication, tables, true);
    }

    /** The JSON form, in UTF-8. */
    public byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("epoch", epoch);
        json.put("reason", reason);
        json.put("systemIdentifier", systemIdentifier);
        json.put("timeline", timeline);
        json.put("publication", publication);
        json.put("snapshotDone", snapshotDone);
        ObjectNode oids = json.putObject("tables");
        tables.forEach(oids::put);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException inMemory) {
            throw new IllegalStateException("BUG: a tree could not be written", inMemory);
        }
    }

    /**
     * Reads the JSON form.
     *
     * @throws IllegalArgumentException when it is no state
     */
    public static StreamState parse(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException notJson) {
            throw new IllegalArgumentException("state record: expected JSON", notJson);
        }
        SortedMap<String, Long> tables = new TreeMap<>();
        json.path("tables")
                .fields()
                .forEachRemaining(
                        table -> tables.put(table.getKey(), table.getValue().longValue()));
        int epoch = json.path("epoch").intValue();
        if (epoch < 1) {
            throw new IllegalArgumentException("state record: expected an epoch from 1, found " + epoch);
        }
        return new StreamState(
                epoch,
                json.path("reason").asText(),
                json.path("systemIdentifier").asText(),
                json.path("timeline").intValue(),
                json.path("publication").longValue(),
                tables,
                json.path("snapshotDone").booleanValue());
    }
}
