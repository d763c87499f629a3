package io.tidemark.positions.feed;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one order of an answer, remembering whether a field was odd. Used by one thread, once. */
final class OrderReader {
    private static final DateTimeFormatter WITHOUT_ZONE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private static final int LONGEST_TEXT = 2_000;

    private final JsonNode order;
    private boolean odd;

    OrderReader(JsonNode order) {
        this.order = order;
    }

    /** Empty when it has no id. */
    Optional<Order> read() {
        long id = id();
        if (id < 1) {
            return Optional.empty();
        }
        return Optional.of(new Order(
                id,
                text("reference"),
                text("order_state_name"),
                new Buyer(text("full_name"), text("telephone"), text("wilaya"), text("commune")),
                items(),
                amount("total"),
                time("created_at"),
                time("updated_at")));
    }

    /** Whether a field was there but could not be understood. */
    boolean wasOdd() {
        return odd;
    }

    private long id() {
        JsonNode id = order.path("id");
        if (id.isTextual() && id.textValue().matches("[0-9]{1,18}")) {
            return Long.parseLong(id.textValue());
        }
        return id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() : 0;
    }

    private @Nullable String text(String field) {
        JsonNode value = order.path(field);
        if (value.isTextual()) {
            String text = withoutNul(value.textValue());
            return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
        }
        if (value.isNumber()) {
            return value.asText();
        }
        return absent(value);
    }

    private String items() {
        JsonNode items = order.path("items");
        if (!items.isArray()) {
            absent(items);
            return "[]";
        }
        return StorableJson.of(items).toString();
    }

    private @Nullable BigDecimal amount(String field) {
        JsonNode value = order.path(field);
        try {
            if (value.isNumber() || (value.isTextual() && value.textValue().length() <= 60)) {
                BigDecimal amount = new BigDecimal(value.asText());
                if (Math.abs((long) amount.scale()) <= 30 && amount.precision() <= 60) {
                    return amount;
                }
            }
        } catch (NumberFormatException notANumber) {
            // Falls through: odd.
        }
        return absent(value);
    }

    private @Nullable Instant time(String field) {
        JsonNode value = order.path(field);
        if (value.isTextual() && value.textValue().length() <= 40) {
            Instant time = parsed(value.textValue());
            if (time != null && time.isAfter(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        }
        return absent(value);
    }

    private static @Nullable Instant parsed(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException notWithZone) {
            try {
                return LocalDateTime.parse(text, WITHOUT_ZONE).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException notATime) {
                return null;
            }
        }
    }

    private <T> @Nullable T absent(JsonNode value) {
        odd |= !value.isMissingNode() && !value.isNull();
        return null;
    }

    /** PostgreSQL's texts cannot hold the character of code 0. */
    private static String withoutNul(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }
}
