package io.tidemark.core.freshness;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far ingest-service has published: every change whose commit LSN is at most {@code publishedLsn} stands in its
 * topic at an offset below {@code endOffsets}, acknowledged by Kafka.
 *
 * <p>Its JSON form is a record of the progress topic:
 * {@code {"epoch":1,"publishedLsn":24719320,"atMicros":1763665200000000,"endOffsets":{"tidemark.public.product":[7,9,8,4]}}}.
 * Numbers there are integers of up to 64 bits.
 *
 * @param epoch which life of the change stream, 1 and up
 * @param publishedLsn an LSN of PostgreSQL's WAL, unsigned
 * @param atMicros when this became true, by ingest-service's clock, in microseconds since 1970-01-01 UTC
 * @param endOffsets per topic, at the index of each partition, the offset after the last published record
 */
public record Progress(int epoch, long publishedLsn, long atMicros, SortedMap<String, List<Long>> endOffsets) {
    private static final JsonMapper JSON = new JsonMapper();

    public Progress {
        if (epoch < 1) {
            throw new IllegalArgumentException("expected an epoch from 1, found " + epoch);
        }
        SortedMap<String, List<Long>> copy = new TreeMap<>();
        endOffsets.forEach((topic, offsets) -> copy.put(topic, List.copyOf(offsets)));
        endOffsets = Collections.unmodifiableSortedMap(copy);
    }

    /** The JSON form, in UTF-8. */
    public byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.getFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("epoch", epoch);
            json.writeNumberField("publishedLsn", publishedLsn);
            json.writeNumberField("atMicros", atMicros);
            json.writeObjectFieldStart("endOffsets");
            for (Map.Entry<String, List<Long>> topic : endOffsets.entrySet()) {
                json.writeArrayFieldStart(topic.getKey());
                for (long offset : topic.getValue()) {
                    json.writeNumber(offset);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException inMemory) {
            throw new UncheckedIOException("BUG: writing to memory failed", inMemory);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads the JSON form; fields it does not know are left for later versions of it.
     *
     * @throws IllegalArgumentException when it is not a progress record
     */
    public static Progress parse(byte[] json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("progress record: expected JSON", notJson);
        } catch (IOException inMemory) {
            throw new UncheckedIOException("BUG: reading from memory failed", inMemory);
        }
        SortedMap<String, List<Long>> endOffsets = new TreeMap<>();
        tree.path("endOffsets").fields().forEachRemaining(topic -> {
            List<Long> offsets = new ArrayList<>();
            topic.getValue().forEach(offset -> offsets.add(integer(topic.getKey(), offset)));
            endOffsets.put(topic.getKey(), offsets);
        });
        return new Progress(
                Math.toIntExact(integer("epoch", tree.path("epoch"))),
                integer("publishedLsn", tree.path("publishedLsn")),
                integer("atMicros", tree.path("atMicros")),
                endOffsets);
    }

    private static long integer(String field, JsonNode value) {
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("progress record: expected an integer at " + field);
        }
        return value.longValue();
    }
}
