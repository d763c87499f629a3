package io.tidemark.ingest.debezium;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes Debezium's envelope as JSON. Not thread-safe.
 *
 * <p>One thing is written otherwise than Debezium has it: the commit LSN that is null until the first commit was
 * streamed. A transaction that began while the slot was being made and commits after it may then have event LSNs below
 * the LSN of the snapshot's reads, and would look older than what it changed. So a streamed change has
 * {@value #BEFORE_THE_FIRST_COMMIT} there: above the null of the reads, below every commit.
 */
final class EnvelopeJson {
    private static final String BEFORE_THE_FIRST_COMMIT = "1";
    private static final String NULL_COMMIT = "[null,";

    private final StructJson json = new StructJson();

    /** A record's key. */
    byte[] key(Struct key) {
        return json.bytes(key);
    }

    /** A header's value. */
    byte[] header(@Nullable Object value) {
        return json.bytes(value);
    }

    /** The whole envelope. */
    byte[] envelope(Struct envelope) {
        boolean streamed = !"r".equals(envelope.getString("op"));
        return json.bytes(envelope, (out, field, value) -> streamed && writeSource(out, field, value));
    }

    /** The envelope without the row, for a row too large for a record. */
    byte[] withoutRow(Struct envelope) {
        boolean streamed = !"r".equals(envelope.getString("op"));
        return json.bytes(envelope, (out, field, value) -> {
            if (field.name().equals("before") || field.name().equals("after")) {
                out.writeNull();
                return true;
            }
            return streamed && writeSource(out, field, value);
        });
    }

    private boolean writeSource(JsonGenerator out, Field field, @Nullable Object value) throws IOException {
        if (!field.name().equals("source") || !(value instanceof Struct source)) {
            return false;
        }
        json.writeStruct(out, source, EnvelopeJson::writeSequence);
        return true;
    }

    private static boolean writeSequence(JsonGenerator out, Field field, @Nullable Object value) throws IOException {
        if (!field.name().equals("sequence")
                || !(value instanceof String sequence)
                || !sequence.startsWith(NULL_COMMIT)) {
            return false;
        }
        out.writeString("[\"" + BEFORE_THE_FIRST_COMMIT + "\"," + sequence.substring(NULL_COMMIT.length()));
        return true;
    }
}
