package io.tidemark.cachewriter.dependents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.ExactJson;
import io.tidemark.core.query.DueKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something of a cache that is due, as it is written among the marks. Immutable. */
sealed interface Member {

    /** Everything of the cache. */
    String EVERYTHING = "*";

    /** The same, because a snapshot reads rows; it waits for the snapshot's end. */
    String SNAPSHOT = "*s";

    /** Everything. */
    record All() implements Member {}

    /** One key, by the texts of its columns. */
    record Key(List<String> texts) implements Member {
        @Override
        public String toString() {
            return DueKeys.member(texts);
        }
    }

    /** A row of which the database has to be asked which keys it is for. */
    record Asked(TableId table, int question, List<@Nullable String> parameters) implements Member {
        @Override
        public String toString() {
            return "q" + question + ":" + table + ":" + DueKeys.array(parameters);
        }
    }

    /** A row that has to be read before it is known what it names. */
    record Row(TableId table, ObjectNode primaryKey) implements Member {
        @Override
        public String toString() {
            return "r" + table + ":" + primaryKey;
        }
    }

    /** Reads what {@code toString} wrote; empty for what another version wrote. */
    static Optional<Member> parse(String text) {
        try {
            return Optional.ofNullable(parsed(text));
        } catch (JsonProcessingException | RuntimeException notOurs) {
            return Optional.empty();
        }
    }

    private static @Nullable Member parsed(String text) throws JsonProcessingException {
        if (text.equals(EVERYTHING) || text.equals(SNAPSHOT)) {
            return new All();
        }
        switch (text.charAt(0)) {
            case 'k':
                List<String> texts = new ArrayList<>();
                for (String part : strings(text.substring(1))) {
                    if (part == null) {
                        return null;
                    }
                    texts.add(part);
                }
                return new Key(texts);
            case 'q':
                int colon = text.indexOf(':');
                int end = text.indexOf(":[", colon);
                return new Asked(
                        TableId.parse(text.substring(colon + 1, end)),
                        Integer.parseInt(text, 1, colon, 10),
                        strings(text.substring(end + 1)));
            case 'r':
                int brace = text.indexOf(":{");
                return new Row(TableId.parse(text.substring(1, brace)), (ObjectNode)
                        ExactJson.reader().readTree(text.substring(brace + 1)));
            default:
                return null;
        }
    }

    private static List<@Nullable String> strings(String json) throws JsonProcessingException {
        List<@Nullable String> strings = new ArrayList<>();
        for (JsonNode element : Json.MAPPER.readTree(json)) {
            strings.add(element.isNull() ? null : element.asText());
        }
        return strings;
    }

    /** Where the mapper lies. */
    final class Json {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        private Json() {}
    }
}
