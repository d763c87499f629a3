package io.tidemark.core.change;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debezium's JSON envelope, with or without its schema part, into a {@link Change}. Thread-safe.
 *
 * <p>Numbers keep every digit. Nesting deeper than {@value #MAX_DEPTH} is refused, as no table row has it and a reader
 * could be made to run out of stack with it.
 *
 * <p>The envelope's form: Debezium's PostgreSQL connector documentation, "Data change events".
 */
public final class EnvelopeReader {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_TEXT = 256 * 1024 * 1024;

    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxNumberLength(200_000)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    private static final ObjectReader MEMBER = JSON.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * What a streamed change has for a commit LSN until the first commit was streamed, where Debezium has null: above the
     * null of a snapshot's reads, below every commit. A transaction that began before the snapshot and commits after it
     * would else look older than what was read.
     */
    private static final long BEFORE_THE_FIRST_COMMIT = 1;

    private static final String EXPECTED_JSON = "expected JSON of at most " + MAX_DEPTH + " levels";

    /**
     * Reads one record.
     *
     * @param key the record's key, null for none
     * @param value the record's value
     * @param header gives a header's value by its name, null when the record has no such header
     * @throws UnreadableChangeException when the record is not a change
     */
    public Change read(byte @Nullable [] key, byte[] value, Function<String, byte @Nullable []> header) {
        return change(key, object("value", payload(parts(value, EnvelopeReader::isOfEnvelope))), header, false);
    }

    /**
     * The same as if the row's value had been left out: what happened to which row at which version.
     *
     * @throws UnreadableChangeException when the record is not a change
     */
    public Change readHead(byte @Nullable [] key, byte[] value, Function<String, byte @Nullable []> header) {
        return change(key, object("value", payload(parts(value, EnvelopeReader::isOfHead))), header, true);
    }

    private Change change(
            byte @Nullable [] key,
            ObjectNode envelope,
            Function<String, byte @Nullable []> header,
            boolean withoutRow) {
        ObjectNode source = object("source", envelope.get("source"));
        Operation operation = Operation.ofLetter(text("op", envelope.get("op")));
        boolean keyMoved = operation == Operation.DELETE && header.apply(ChangeHeaders.NEW_KEY) != null;
        return new Change(
                new TableId(text("source.schema", source.get("schema")), text("source.table", source.get("table"))),
                operation,
                version(source, operation, header.apply(ChangeHeaders.EPOCH), keyMoved),
                committedAtMicros(source),
                operation == Operation.TRUNCATE ? null : readKey(key),
                optionalObject("before", envelope.get("before")),
                optionalObject("after", envelope.get("after")),
                keyMoved,
                withoutRow || header.apply(ChangeHeaders.VALUE_LEFT_OUT) != null,
                operation == Operation.READ ? 0 : unseenTransaction(source, header));
    }

    /**
     * Reads a record's key alone: the primary key's columns.
     *
     * @throws UnreadableChangeException when it is not an object of columns
     */
    public ObjectNode readKey(byte @Nullable [] key) {
        if (key == null) {
            throw new UnreadableChangeException("key: expected the primary key of the row, found none");
        }
        return object("key", payload(tree("key", key)));
    }

    /** ingest-service publishes what every reader sees; it alone gives a record an epoch without saying who captured it. */
    private static long unseenTransaction(ObjectNode source, Function<String, byte @Nullable []> header) {
        boolean seen = header.apply(ChangeHeaders.EPOCH) != null && header.apply(ChangeHeaders.CAPTURED_BY) == null;
        return seen ? 0 : source.path("txId").longValue();
    }

    private static Version version(ObjectNode source, Operation operation, byte @Nullable [] epoch, boolean keyMoved) {
        long[] lsns = lsns(text("source.sequence", source.get("sequence")));
        long commitLsn = lsns[0];
        long eventLsn = lsns[1];
        try {
            return new Version(
                    epoch == null ? 1 : Integer.parseInt(new String(epoch, US_ASCII)),
                    commitLsn == 0 && eventLsn != 0 && operation != Operation.READ
                            ? BEFORE_THE_FIRST_COMMIT
                            : commitLsn,
                    eventLsn,
                    keyMoved ? 0 : 1);
        } catch (IllegalArgumentException notAVersion) {
            throw new UnreadableChangeException(
                    "source.sequence or header " + ChangeHeaders.EPOCH + ": expected decimal numbers", notAVersion);
        }
    }

    /** The two LSNs of a sequence, a text of JSON: commit and event, as decimal texts or null. */
    private static long[] lsns(String sequence) {
        long @Nullable [] usual = usualLsns(sequence);
        if (usual != null) {
            return usual;
        }
        JsonNode pair = tree("source.sequence", sequence.getBytes(UTF_8));
        if (!pair.isArray() || pair.size() != 2) {
            throw new UnreadableChangeException("source.sequence: expected [commit LSN, event LSN]");
        }
        try {
            return new long[] {lsn(pair.get(0)), lsn(pair.get(1))};
        } catch (NumberFormatException noLsn) {
            throw new UnreadableChangeException("source.sequence: expected decimal numbers", noLsn);
        }
    }

    /** Of the form {@code ["1","2"]}, which nearly all have, without the cost of a parser; null for any other. */
    private static long @Nullable [] usualLsns(String sequence) {
        int comma = sequence.indexOf("\",\"");
        int end = sequence.length() - 2;
        if (comma < 0 || comma + 3 > end || !sequence.startsWith("[\"") || !sequence.endsWith("\"]")) {
            return null;
        }
        try {
            return new long[] {
                Long.parseUnsignedLong(sequence, 2, comma, 10), Long.parseUnsignedLong(sequence, comma + 3, end, 10)
            };
        } catch (NumberFormatException other) {
            return null;
        }
    }

    private static long lsn(JsonNode element) {
        return element.isNull() ? 0 : Long.parseUnsignedLong(element.asText());
    }

    private static long committedAtMicros(ObjectNode source) {
        JsonNode micros = source.get("ts_us");
        return micros != null && micros.isIntegralNumber()
                ? micros.longValue()
                : source.path("ts_ms").longValue() * 1000;
    }

    /** The envelope without what is not used of it, which is most of {@code source} and all of a schema part. */
    private static JsonNode parts(byte[] json, Predicate<String> wanted) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return tree("value", json);
            }
            ObjectNode envelope = members(parser, wanted);
            if (parser.nextToken() != null) {
                throw new UnreadableChangeException("value: expected one object, found more after it");
            }
            return envelope;
        } catch (IOException notJson) {
            throw new UnreadableChangeException("value: " + EXPECTED_JSON + where(notJson));
        }
    }

    /** The members of this name and no others, of the object that the parser stands at the beginning of. */
    private static ObjectNode members(JsonParser parser, Predicate<String> wanted) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (!wanted.test(name)) {
                parser.skipChildren();
            } else if (token == JsonToken.VALUE_STRING) {
                object.put(name, parser.getText());
            } else if (token == JsonToken.START_OBJECT && name.equals("source")) {
                object.set(name, members(parser, EnvelopeReader::isOfSource));
            } else if (token == JsonToken.START_OBJECT && name.equals("payload")) {
                object.set(name, members(parser, wanted));
            } else if (name.equals("schema")) {
                parser.skipChildren();
                object.putNull(name);
            } else {
                object.set(name, MEMBER.<JsonNode>readTree(parser));
            }
        }
        return object;
    }

    private static boolean isOfEnvelope(String name) {
        return switch (name) {
            case "op", "before", "after", "source", "schema", "payload" -> true;
            default -> false;
        };
    }

    private static boolean isOfHead(String name) {
        return isOfEnvelope(name) && !name.equals("before") && !name.equals("after");
    }

    private static boolean isOfSource(String name) {
        return switch (name) {
            case "schema", "table", "sequence", "ts_us", "ts_ms", "txId" -> true;
            default -> false;
        };
    }

    private static JsonNode tree(String place, byte[] json) {
        try {
            JsonNode tree = JSON.readTree(json);
            if (tree.isMissingNode()) {
                throw new UnreadableChangeException(place + ": expected JSON, found nothing");
            }
            return tree;
        } catch (IOException notJson) {
            // The parser's own message may quote the document: only where it stopped is passed on.
            throw new UnreadableChangeException(place + ": " + EXPECTED_JSON + where(notJson));
        }
    }

    private static String where(IOException problem) {
        return problem instanceof JsonProcessingException json && json.getLocation() != null
                ? ", stopped at byte " + json.getLocation().getByteOffset()
                : "";
    }

    /** With its schema part, the envelope is one level down. */
    private static JsonNode payload(JsonNode tree) {
        return tree.size() == 2 && tree.has("schema") && tree.has("payload") ? tree.get("payload") : tree;
    }

    private static ObjectNode object(String place, @Nullable JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new UnreadableChangeException(place + ": expected an object, found " + kind(node));
    }

    private static @Nullable ObjectNode optionalObject(String place, @Nullable JsonNode node) {
        return node == null || node.isNull() ? null : object(place, node);
    }

    private static String text(String place, @Nullable JsonNode node) {
        if (node != null && node.isTextual()) {
            return node.textValue();
        }
        throw new UnreadableChangeException(place + ": expected a text, found " + kind(node));
    }

    private static String kind(@Nullable JsonNode node) {
        return node == null ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
