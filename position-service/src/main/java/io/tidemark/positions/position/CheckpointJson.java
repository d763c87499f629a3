package io.tidemark.positions.position;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A checkpoint as a JSON object, in Kafka and in the snapshot file alike. Pure. */
public final class CheckpointJson {
    private CheckpointJson() {}

    /** The checkpoint as an object. */
    public static ObjectNode write(Checkpoint checkpoint) {
        Position position = checkpoint.position();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("store", position.store().name());
        json.put("generation", position.generation());
        json.put("revision", position.revision());
        json.put("page", position.page());
        position.cursor().ifPresent(cursor -> json.put("cursor", cursor));
        json.put("first_id", position.firstId());
        json.put("last_id", position.lastId());
        json.put("source", position.layer().name());
        json.put("as_of", position.asOf().toString());
        json.put("certainty", position.certainty().name());
        position.rewoundFrom().ifPresent(before -> json.set("rewound_from", write(before)));
        ObjectNode reflects = json.putObject("reflects");
        new TreeMap<>(checkpoint.reflects())
                .forEach((partition, offset) -> reflects.put(Integer.toString(partition), offset));
        return json;
    }

    /**
     * Reads what {@link #write(Checkpoint)} wrote.
     *
     * @param store whose checkpoint it has to be
     * @throws IllegalArgumentException when it is none, or another store's
     */
    public static Checkpoint read(StoreId store, JsonNode json) {
        String named = text(json, "store");
        if (!named.equals(store.name())) {
            throw new IllegalArgumentException("expected store " + store + " here, found another store's position");
        }
        Position position = new Position(
                store,
                number(json, "generation"),
                Math.toIntExact(number(json, "revision")),
                number(json, "page"),
                optionalText(json, "cursor"),
                number(json, "first_id"),
                number(json, "last_id"),
                oneOf(Layer.class, json, "source"),
                instant(json, "as_of"),
                oneOf(Certainty.class, json, "certainty"),
                json.has("rewound_from") ? Optional.of(rewoundFrom(json.get("rewound_from"))) : Optional.empty());
        return new Checkpoint(position, offsets(json.path("reflects")));
    }

    private static ObjectNode write(RewoundFrom before) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("page", before.page());
        before.cursor().ifPresent(cursor -> json.put("cursor", cursor));
        json.put("first_id", before.firstId());
        json.put("last_id", before.lastId());
        json.put("at", before.at().toString());
        json.put("by", before.by());
        return json;
    }

    private static RewoundFrom rewoundFrom(JsonNode json) {
        return new RewoundFrom(
                number(json, "page"),
                optionalText(json, "cursor"),
                number(json, "first_id"),
                number(json, "last_id"),
                instant(json, "at"),
                text(json, "by"));
    }

    private static Map<Integer, Long> offsets(JsonNode json) {
        Map<Integer, Long> offsets = new HashMap<>();
        json.fieldNames().forEachRemaining(partition -> {
            if (!partition.matches("\\d{1,9}")) {
                throw new IllegalArgumentException(
                        "expected partitions as the names in reflects, found something else");
            }
            offsets.put(Integer.valueOf(partition), number(json, partition));
        });
        return offsets;
    }

    private static long number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("expected a whole number in " + field + ", found "
                    + (value.isMissingNode()
                            ? "nothing"
                            : "a " + value.getNodeType().name().toLowerCase(Locale.ROOT)));
        }
        return value.asLong();
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("expected a text in " + field);
        }
        return value.asText();
    }

    private static Optional<String> optionalText(JsonNode json, String field) {
        return json.has(field) ? Optional.of(text(json, field)) : Optional.empty();
    }

    private static Instant instant(JsonNode json, String field) {
        try {
            return Instant.parse(text(json, field));
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("expected a time like 2026-11-20T10:00:00Z in " + field, unreadable);
        }
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, JsonNode json, String field) {
        String name = text(json, field);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("expected a known value in " + field);
    }
}
