package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.ExactJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * How Redis holds the documents of a cache. Immutable.
 *
 * <p>What is stored is bytes: those of a Redis string or, of a Redis hash, its fields {@linkplain HashFields packed}.
 */
public sealed interface Format {

    /** JSON text, never compressed. */
    Format JSON = new Json(0);

    /** A Redis hash with a field for each member. */
    Format HASH = new Hash();

    /** What the function library is given of a document, a JSON object for a hash and any JSON otherwise. */
    byte[] stored(byte[] document);

    /** Whether what Redis holds means the same as the document; false where it is of another form. */
    boolean holds(byte[] stored, byte[] document);

    /** The members of what Redis holds, each a text in a hash; empty where it is no object, or too large for a look at it. */
    Optional<ObjectNode> members(byte[] stored);

    /** Whether Redis holds a hash rather than a string. */
    boolean isHash();

    /** For people: {@code json}, {@code json, gzip from 4096 B}, {@code hash}. */
    String text();

    /** Tells formats apart whose entries are to be written anew when one follows the other; empty for plain JSON. */
    String mark();

    /**
     * A Redis string of JSON text.
     *
     * @param compressFrom documents of at least so many bytes are compressed, unless that makes them longer; 0 for none
     */
    record Json(int compressFrom) implements Format {
        private static final int MOST_TO_LOOK_AT = 64 << 20;
        /** One character of a text may be written as six, and what was written by hand may have spaces. */
        private static final long LONGEST_SPELLING = 6;

        public Json {
            if (compressFrom < 0) {
                throw new IllegalArgumentException("expected 0 bytes or more, found " + compressFrom);
            }
        }

        @Override
        public byte[] stored(byte[] document) {
            if (compressFrom == 0 || document.length < compressFrom) {
                return document;
            }
            byte[] compressed = Gzip.compress(document);
            return compressed.length < document.length ? compressed : document;
        }

        @Override
        public boolean holds(byte[] stored, byte[] document) {
            long most = LONGEST_SPELLING * document.length + 1024;
            return Gzip.expand(stored, (int) Math.min(Integer.MAX_VALUE, most))
                    .filter(json -> JsonValues.equal(document, json))
                    .isPresent();
        }

        @Override
        public Optional<ObjectNode> members(byte[] stored) {
            return Gzip.expand(stored, MOST_TO_LOOK_AT).flatMap(Json::object);
        }

        private static Optional<ObjectNode> object(byte[] json) {
            try {
                JsonNode tree = ExactJson.reader().readTree(json);
                return tree instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
            } catch (JsonProcessingException notJson) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException("BUG: reading from memory cannot fail", e);
            }
        }

        @Override
        public boolean isHash() {
            return false;
        }

        @Override
        public String text() {
            return compressFrom == 0 ? "json" : "json, gzip from " + compressFrom + " B";
        }

        @Override
        public String mark() {
            return compressFrom == 0 ? "" : "gzip-from-" + compressFrom;
        }
    }

    /** A Redis hash: texts are themselves, every other value is its JSON text, and what is null has no field. */
    record Hash() implements Format {
        @Override
        public byte[] stored(byte[] document) {
            return HashFields.of(document).packed();
        }

        @Override
        public boolean holds(byte[] stored, byte[] document) {
            return HashFields.unpacked(stored)
                    .filter(fields -> HashFields.of(document).meansTheSameAs(fields))
                    .isPresent();
        }

        @Override
        public Optional<ObjectNode> members(byte[] stored) {
            return HashFields.unpacked(stored).map(fields -> {
                ObjectNode members = JsonNodeFactory.instance.objectNode();
                fields.forEach(members::put);
                return members;
            });
        }

        @Override
        public boolean isHash() {
            return true;
        }

        @Override
        public String text() {
            return "hash";
        }

        @Override
        public String mark() {
            return "hash";
        }
    }
}
