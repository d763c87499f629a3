package io.tidemark.positions.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.HttpStatus;
import io.tidemark.positions.position.StoreId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what people send, and says which field is wrong and what to do. Pure. */
final class Input {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z_-]{0,64}(\\d{1,18})");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    private Input() {}

    /** A store that is configured. */
    static StoreId store(@Nullable String name, List<StoreId> stores) {
        if (name != null && StoreId.isName(name) && stores.contains(new StoreId(name))) {
            return new StoreId(name);
        }
        throw new BadInputException(
                HttpStatus.NOT_FOUND,
                "store",
                "there is no store of that name",
                "use one of " + stores.stream().limit(20).map(StoreId::name).toList());
    }

    /** An object, {@code {}} for an empty body. */
    static ObjectNode object(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return JSON.createObjectNode();
        }
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException notJson) {
            throw BadInputException.in("body", "expected JSON" + where(notJson), "send a JSON object");
        }
        throw BadInputException.in("body", "expected a JSON object", "send something like {\"page\": 9070}");
    }

    /** A page, 1 and up. */
    static long page(JsonNode value) {
        long page = number("page", value);
        if (page < 1) {
            throw BadInputException.in("page", "expected a page of 1 or more, found " + page, "pages begin at 1");
        }
        return page;
    }

    /** An order's id: a number, or a reference that ends in one, as NATUR181601, and is none of another store's. */
    static long orderId(String field, JsonNode value, StoreId of, List<StoreId> stores) {
        if (value.isIntegralNumber() && value.canConvertToLong() && value.asLong() > 0) {
            return value.asLong();
        }
        String text = value.isTextual() ? value.asText() : "";
        if (isReferenceOf(of, text)) {
            // A store's name may end in digits itself.
            return positive(field, text.substring(of.name().length()));
        }
        stores.stream().filter(store -> isReferenceOf(store, text)).findFirst().ifPresent(another -> {
            throw BadInputException.in(
                    field,
                    "expected an order of store " + of + ", found a reference of store " + another,
                    "send it to the address of " + another + ", or " + of + "'s own reference here");
        });
        Matcher reference = REFERENCE.matcher(text);
        return positive(field, reference.matches() ? reference.group(1) : "0");
    }

    private static boolean isReferenceOf(StoreId store, String text) {
        return text.startsWith(store.name())
                && DIGITS.matcher(text.substring(store.name().length())).matches();
    }

    private static long positive(String field, String digits) {
        long id = Long.parseLong(digits);
        if (id < 1) {
            throw BadInputException.in(
                    field,
                    "expected an order's id of 1 or more, or a reference that ends in digits",
                    "send a number like 181601 or a reference like NATUR181601");
        }
        return id;
    }

    private static long number(String field, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.asLong();
        }
        if (value.isTextual() && value.asText().matches("-?\\d{1,18}")) {
            return Long.parseLong(value.asText());
        }
        throw BadInputException.in(
                field, value.isMissingNode() ? "it is missing" : "expected a whole number", "send a number like 9070");
    }

    private static String where(JsonProcessingException problem) {
        return problem.getLocation() == null
                ? ""
                : ", stopped at line " + problem.getLocation().getLineNr() + ", column "
                        + problem.getLocation().getColumnNr();
    }
}
