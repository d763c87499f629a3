package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.document.DocumentOutcome.Reason;
import io.tidemark.core.postgres.ExactJson;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@code jsonb} and {@code json}: a text in a change, a value of its own in a document.
 *
 * <p>{@code json} keeps what was written: members that occur twice, numbers that {@code numeric} cannot hold, escapes
 * that {@code jsonb} refuses. Such a value is left to PostgreSQL.
 */
final class JsonForm implements ValueForm {
    private static final int MAX_PLAIN_DIGITS = 10_000;

    private final JsonFactory parsers;
    private final boolean asWritten;

    private JsonForm(boolean asWritten) {
        this.asWritten = asWritten;
        this.parsers = ExactJson.parsers(asWritten);
    }

    static ValueForm jsonb() {
        return new JsonForm(false);
    }

    static ValueForm json() {
        return new JsonForm(true);
    }

    @Override
    public @Nullable Reason write(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isTextual()) {
            return Reason.SHAPE_DIFFERS;
        }
        String text = value.textValue();
        if (ValueForm.isUnchanged(text)) {
            return Reason.UNCHANGED_VALUE;
        }
        if (asWritten && text.contains("\\u")) {
            return Reason.INEXACT_TYPE;
        }
        try (JsonParser in = parsers.createParser(text)) {
            return copy(in, out) ? null : Reason.INEXACT_TYPE;
        } catch (JsonProcessingException notExact) {
            return Reason.INEXACT_TYPE;
        }
    }

    private boolean copy(JsonParser in, JsonGenerator out) throws IOException {
        int depth = 0;
        for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
            switch (token) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                    String number = in.getText();
                    if (asWritten && isUnusual(number)) {
                        return false;
                    }
                    out.writeNumber(number);
                }
                default -> out.copyCurrentEvent(in);
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return in.nextToken() == null;
            }
        }
        return false;
    }

    /** Whether numeric may round the number or refuse it. */
    private static boolean isUnusual(String number) {
        return number.length() > MAX_PLAIN_DIGITS || number.indexOf('e') >= 0 || number.indexOf('E') >= 0;
    }
}
