package io.tidemark.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.core.postgres.ExactJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The fields of a Redis hash that stands for a document: one for each member that is not null, a text as itself, any other
 * value as its JSON text without spaces. Immutable.
 *
 * <p>Packed, they are one MessagePack array of fields and their values by turns, which Redis' functions read.
 */
public final class HashFields {
    private static final JsonFactory PARSERS = parsers();
    private static final int ARRAY_32 = 0xdd;
    private static final int TEXT_32 = 0xdb;
    private static final int HEAD = 5;

    private final Map<String, Member> members;

    private record Member(String text, boolean isText) {}

    private HashFields(Map<String, Member> members) {
        this.members = members;
    }

    /** What nests deeply is only passed over, so how deep it nests does not matter. */
    private static JsonFactory parsers() {
        JsonFactory exact = ExactJson.parsers(false);
        return ((JsonFactoryBuilder) exact.rebuild())
                .streamReadConstraints(exact.streamReadConstraints()
                        .rebuild()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * Of a document.
     *
     * @param document a JSON object
     * @throws IllegalArgumentException when it is none
     */
    public static HashFields of(byte[] document) {
        Map<String, Member> members = new LinkedHashMap<>();
        try (JsonParser parser = PARSERS.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("expected a document that is a JSON object, to keep it as a hash");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isStructStart()) {
                    int from = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    int end = (int) parser.currentLocation().getByteOffset();
                    members.put(name, new Member(withoutSpaces(document, from, end), false));
                } else if (value != JsonToken.VALUE_NULL) {
                    members.put(name, new Member(parser.getText(), value == JsonToken.VALUE_STRING));
                }
            }
        } catch (IOException notJson) {
            throw new IllegalArgumentException(
                    "expected a document that is a JSON object, to keep it as a hash", notJson);
        }
        return new HashFields(members);
    }

    /** JSON from a change and from PostgreSQL differ in spaces; a reader is to find the same text. */
    private static String withoutSpaces(byte[] json, int from, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - from);
        boolean inText = false;
        for (int i = from; i < end; i++) {
            byte each = json[i];
            if (inText && each == '\\') {
                out.write(each);
                out.write(json[++i]);
                continue;
            }
            inText ^= each == '"';
            if (inText || (each != ' ' && each != '\n' && each != '\r' && each != '\t')) {
                out.write(each);
            }
        }
        return out.toString(UTF_8);
    }

    /** As the function library takes them. */
    public byte[] packed() {
        Map<String, String> texts = new LinkedHashMap<>();
        members.forEach((name, member) -> texts.put(name, member.text()));
        return packed(texts);
    }

    /** Fields as Redis holds them, packed. */
    public static byte[] packed(Map<String, String> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        head(out, ARRAY_32, 2 * fields.size());
        fields.forEach((name, value) -> {
            text(out, name);
            text(out, value);
        });
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        head(out, TEXT_32, bytes.length);
        out.writeBytes(bytes);
    }

    private static void head(ByteArrayOutputStream out, int kind, int count) {
        out.writeBytes(ByteBuffer.allocate(HEAD).put((byte) kind).putInt(count).array());
    }

    /** The fields that were packed here, by name; empty when these are other bytes. */
    public static Optional<SortedMap<String, String>> unpacked(byte[] packed) {
        try {
            ByteBuffer in = ByteBuffer.wrap(packed);
            if (in.get() != (byte) ARRAY_32) {
                return Optional.empty();
            }
            SortedMap<String, String> fields = new TreeMap<>();
            for (int left = in.getInt(); left > 0; left -= 2) {
                String name = text(in);
                fields.put(name, text(in));
            }
            return Optional.of(fields);
        } catch (BufferUnderflowException | IllegalArgumentException otherBytes) {
            return Optional.empty();
        }
    }

    private static String text(ByteBuffer in) {
        if (in.get() != (byte) TEXT_32) {
            throw new IllegalArgumentException("expected a text");
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        String text = new String(in.array(), in.position(), length, UTF_8);
        in.position(in.position() + length);
        return text;
    }

    /** Whether fields of Redis mean the same; the way a number is written does not matter. */
    boolean meansTheSameAs(Map<String, String> fields) {
        if (fields.size() != members.size()) {
            return false;
        }
        for (Map.Entry<String, Member> one : members.entrySet()) {
            String found = fields.get(one.getKey());
            Member member = one.getValue();
            if (found == null || !(found.equals(member.text()) || meansTheSame(member, found))) {
                return false;
            }
        }
        return true;
    }

    private static boolean meansTheSame(Member member, String found) {
        return !member.isText() && JsonValues.equal(member.text().getBytes(UTF_8), found.getBytes(UTF_8));
    }
}
