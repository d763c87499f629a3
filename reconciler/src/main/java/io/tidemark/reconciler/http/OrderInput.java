package io.tidemark.reconciler.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpStatus;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Suggestion;
import io.tidemark.reconciler.verify.Order;
import io.tidemark.reconciler.verify.Order.Mode;
import io.tidemark.reconciler.verify.Subject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what people want reconciled, and says which field is wrong and what to do. Pure. */
final class OrderInput {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> FIELDS = new LinkedHashSet<>(
            List.of("caches", "models", "checkOnly", "force", "batchSize", "maxInstances", "rowsPerSecond", "verbose"));

    private final ObjectNode body;

    private OrderInput(ObjectNode body) {
        this.body = body;
    }

    /**
     * The order that a body gives.
     *
     * @param caches all caches there are
     * @throws RefusedException when it gives none
     */
    static Order read(@Nullable String body, List<Subject> caches) {
        OrderInput input = new OrderInput(object(body));
        for (Iterator<String> names = input.body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw RefusedException.badRequest(name, "there is no field " + name, Suggestion.remedy(name, FIELDS));
            }
        }
        boolean checkOnly = input.flag("checkOnly");
        boolean force = input.flag("force");
        if (checkOnly && force) {
            throw RefusedException.badRequest(
                    "force", "checkOnly changes nothing and force reads everything again", "leave one of them out");
        }
        return new Order(
                input.chosen(caches),
                checkOnly ? Mode.CHECK : force ? Mode.FORCE : Mode.REPAIR,
                (int) input.number("batchSize", Order.LARGEST_BATCH),
                input.number("maxInstances", Long.MAX_VALUE),
                input.number("rowsPerSecond", 10_000_000),
                input.flag("verbose"));
    }

    private static ObjectNode object(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return JSON.createObjectNode();
        }
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException notJson) {
            throw RefusedException.badRequest("body", "expected JSON", "send a JSON object");
        }
        throw RefusedException.badRequest(
                "body", "expected a JSON object", "send something like {\"caches\": [\"product\"]}");
    }

    private List<Subject> chosen(List<Subject> all) {
        List<String> names = texts("caches");
        List<String> models = texts("models");
        if (names.isEmpty() && models.isEmpty()) {
            return all;
        }
        Set<Subject> chosen = new LinkedHashSet<>();
        for (String name : names) {
            List<Subject> found =
                    all.stream().filter(one -> one.name().equals(name)).toList();
            require(
                    "caches",
                    "cache",
                    name,
                    found,
                    all.stream().map(Subject::name).toList());
            chosen.addAll(found);
        }
        for (String model : models) {
            List<Subject> found = all.stream().filter(one -> isOf(one, model)).toList();
            List<String> known = all.stream()
                    .flatMap(one -> tables(one).stream())
                    .map(TableId::table)
                    .distinct()
                    .toList();
            require("models", "model", model, found, known);
            chosen.addAll(found);
        }
        return List.copyOf(chosen);
    }

    private static void require(String field, String what, String name, List<Subject> found, List<String> known) {
        if (found.isEmpty()) {
            throw new RefusedException(
                    HttpStatus.NOT_FOUND,
                    field,
                    "there is no " + what + " " + name + " in the pipeline file",
                    Suggestion.remedy(name, known));
        }
    }

    /** A model is a table; its caches are those that are kept of it and those whose query depends on it. */
    private static boolean isOf(Subject cache, String model) {
        return tables(cache).stream()
                .anyMatch(
                        table -> table.table().equals(model) || table.toString().equals(model));
    }

    private static List<TableId> tables(Subject cache) {
        return cache instanceof Subject.OfRows rows
                ? List.of(rows.cache().table())
                : ((Subject.OfQuery) cache)
                        .cache().depends().stream().map(one -> one.table()).toList();
    }

    private List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw RefusedException.badRequest(field, "expected a list of texts", "send [\"a\", \"b\"]");
        }
        for (JsonNode one : value) {
            if (!one.isTextual() || one.asText().isEmpty()) {
                throw RefusedException.badRequest(field, "expected texts that are not empty", "send [\"a\", \"b\"]");
            }
            texts.add(one.asText());
        }
        return texts;
    }

    private boolean flag(String field) {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw RefusedException.badRequest(field, "expected true or false", "send true, or leave it out");
        }
        return value.asBoolean();
    }

    /** 0 when it is not there. */
    private long number(String field, long most) {
        JsonNode value = body.path(field);
        if (value.isMissingNode()) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1 || value.asLong() > most) {
            throw RefusedException.badRequest(
                    field,
                    "expected a whole number from 1" + (most == Long.MAX_VALUE ? "" : " to " + most),
                    "leave it out for no bound of yours");
        }
        return value.asLong();
    }
}
