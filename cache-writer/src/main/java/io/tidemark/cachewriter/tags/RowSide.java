package io.tidemark.cachewriter.tags;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.document.CarriedValues;
import io.tidemark.core.postgres.Column;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A row before or after a change, as far as its tags go: the tags it has by each rule, and a fingerprint of each column that
 * counts. Immutable.
 *
 * @param fingerprints by column; a column whose value the change did not carry and nobody remembers is missing
 * @param tags for each rule; null when they are unknown
 */
record RowSide(Map<String, String> fingerprints, @Nullable List<Set<String>> tags) {
    /** There is no row on this side. */
    static final RowSide NONE = new RowSide(Map.of(), List.of());

    /** There is a row, and what it was is not known. */
    static final RowSide UNKNOWN = new RowSide(Map.of(), null);

    private static final int LENGTH = 10;
    private static final String NOT_KNOWN = "-".repeat(LENGTH);
    private static final String NO_ROW = "";

    /**
     * @param image the row in Debezium's representation
     * @param before where an unchanged large value's fingerprint comes from, which a change does not carry
     */
    static RowSide of(ObjectNode image, List<Column> watched, RowSide before, List<Set<String>> tags) {
        Map<String, String> fingerprints = new HashMap<>();
        for (Column column : watched) {
            JsonNode value = image.get(column.name());
            String fingerprint = value != null && CarriedValues.isCarried(column, value)
                    ? fingerprint(value)
                    : before.fingerprints().get(column.name());
            if (fingerprint != null) {
                fingerprints.put(column.name(), fingerprint);
            }
        }
        return new RowSide(fingerprints, tags);
    }

    /** Reads what {@link #text} gave; unknown when that was made by other rules. */
    static RowSide parse(String text, String form, List<Column> watched, int rules) {
        String[] lines = text.split("\n", -1);
        if (lines.length != rules + 1 || !lines[0].startsWith(form + " ")) {
            return UNKNOWN;
        }
        String all = lines[0].substring(form.length() + 1);
        if (all.length() != watched.size() * LENGTH) {
            return UNKNOWN;
        }
        Map<String, String> fingerprints = new HashMap<>();
        for (int i = 0; i < watched.size(); i++) {
            String one = all.substring(i * LENGTH, (i + 1) * LENGTH);
            if (!one.equals(NOT_KNOWN)) {
                fingerprints.put(watched.get(i).name(), one);
            }
        }
        List<Set<String>> tags = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            tags.add(lines[i].equals(NO_ROW) ? Set.of() : new TreeSet<>(Arrays.asList(lines[i].split(" "))));
        }
        return new RowSide(fingerprints, tags);
    }

    /** As it is remembered. */
    String text(String form, List<Column> watched) {
        StringBuilder text = new StringBuilder(form).append(' ');
        watched.forEach(column -> text.append(fingerprints.getOrDefault(column.name(), NOT_KNOWN)));
        if (tags != null) {
            tags.forEach(ofRule -> text.append('\n').append(String.join(" ", ofRule)));
        }
        return text.toString();
    }

    boolean isKnown() {
        return tags != null;
    }

    boolean isNone() {
        return tags != null && tags.isEmpty();
    }

    Set<String> tagsOf(int rule) {
        return tags == null || tags.isEmpty() ? Set.of() : tags.get(rule);
    }

    /** Whether one of the columns has another value on the other side, or may have. */
    boolean differsIn(RowSide other, Set<String> columns) {
        for (String column : columns) {
            String here = fingerprints.get(column);
            if (here == null || !here.equals(other.fingerprints.get(column))) {
                return true;
            }
        }
        return false;
    }

    private static String fingerprint(JsonNode value) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(value.toString().getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: every Java has SHA-256", e);
        }
    }
}
