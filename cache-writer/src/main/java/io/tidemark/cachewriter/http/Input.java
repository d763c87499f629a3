package io.tidemark.cachewriter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.pipeline.WarmSettings.Source;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what people send, and says which field is wrong and what to do. Pure. */
final class Input {
    private final ObjectNode object;

    private Input(ObjectNode object) {
        this.object = object;
    }

    /** An object with no other fields than these; an empty body is one without any. */
    static Input of(@Nullable String body, Set<String> fields) {
        ObjectNode object = object(body);
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.contains(name)) {
                throw new RefusedException(name, "there is no field " + name, "use " + String.join(", ", fields));
            }
        }
        return new Input(object);
    }

    private static ObjectNode object(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return Answers.JSON.createObjectNode();
        }
        try {
            if (Answers.JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException notJson) {
            throw new RefusedException("body", "expected JSON", "send a JSON object");
        }
        throw new RefusedException("body", "expected a JSON object", "send something like {\"caches\": [\"product\"]}");
    }

    /** A list of texts, or one text alone. */
    List<String> texts(String field) {
        JsonNode value = object.path(field);
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.asText());
        } else if (value.isArray()) {
            for (JsonNode one : value) {
                if (!one.isTextual() || one.asText().isEmpty()) {
                    throw new RefusedException(field, "expected texts that are not empty", "send [\"a\", \"b\"]");
                }
                texts.add(one.asText());
            }
        } else if (!value.isMissingNode() && !value.isNull()) {
            throw new RefusedException(field, "expected a list of texts", "send [\"a\", \"b\"]");
        }
        return texts;
    }

    /** A text or a number; empty when it is not there. */
    String text(String field) {
        JsonNode value = object.path(field);
        if (value.isContainerNode() || value.isBoolean()) {
            throw new RefusedException(field, "expected a text", "send a text");
        }
        return value.isNull() ? "" : value.asText();
    }

    /** A list of texts that is not empty where it is given, so that nothing chosen is not taken for everything. */
    List<String> chosen(String field) {
        List<String> texts = texts(field);
        if (texts.isEmpty() && object.has(field)) {
            throw new RefusedException(field, "expected at least one text", "leave it out for all");
        }
        return texts;
    }

    /** Where rows are to come from; empty when it is not there. */
    Optional<Source> source(String field) {
        String text = text(field);
        return switch (text) {
            case "" -> Optional.empty();
            case "database" -> Optional.of(Source.DATABASE);
            case "kafka" -> Optional.of(Source.KAFKA);
            default ->
                throw new RefusedException(
                        field, "there is no source " + text, "use database or kafka, or leave it out");
        };
    }

    boolean flag(String field) {
        JsonNode value = object.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new RefusedException(field, "expected true or false", "send true, or leave it out");
        }
        return value.asBoolean();
    }

    OptionalLong numberIfGiven(String field, long least, long most) {
        return object.path(field).isMissingNode()
                ? OptionalLong.empty()
                : OptionalLong.of(number(field, least, least, most));
    }

    long number(String field, long usual, long least, long most) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return usual;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw new RefusedException(
                    field, "expected a whole number from " + least + " to " + most, "leave it out for " + usual);
        }
        return value.asLong();
    }
}
