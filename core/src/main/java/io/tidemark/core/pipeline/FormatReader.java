package io.tidemark.core.pipeline;

import io.tidemark.core.document.Format;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads how a cache's documents are held: {@code format} and {@code compress}. */
final class FormatReader {
    private final Reading reading;

    FormatReader(Reading reading) {
        this.reading = reading;
    }

    /**
     * Reads it.
     *
     * @param key how an entry is called; null when that is wrong
     * @param fields what of a row is in its document
     * @param many whether an entry is of several rows
     */
    Format format(Section section, @Nullable KeyTemplate key, FieldSelection fields, boolean many) {
        Setting format = section.text("format");
        Setting compress = section.text("compress");
        if (format == null || format.text().equals("json")) {
            return new Format.Json(compress == null ? 0 : size(compress));
        }
        if (!format.text().equals("hash")) {
            problem(
                    format,
                    "expected json, an entry is a text, or hash, an entry is a Redis hash, found \"" + format.text()
                            + "\"");
            return Format.JSON;
        }
        if (compress != null) {
            problem(
                    compress,
                    "the fields of a hash are read one by one and are not compressed; leave out compress, or format:"
                            + " hash");
        }
        if (many) {
            problem(
                    format,
                    "a hash is of one row, and an entry here is an array of rows; leave out format, or let each row be"
                            + " an entry of its own");
        } else if (key != null) {
            requireAField(format, key, fields);
        }
        return Format.HASH;
    }

    /** Redis has no hash without fields, and a member that is null is no field; a column of the key is never null. */
    private void requireAField(Setting format, KeyTemplate key, FieldSelection fields) {
        List<String> columns = key.columns().stream()
                .map(column -> column.replaceFirst("\\.(key|value)$", ""))
                .toList();
        if (columns.stream().noneMatch(fields::includes)) {
            problem(
                    format,
                    "a hash whose members may all be null would not be there; put " + columns.get(0) + " in fields");
        }
    }

    private int size(Setting compress) {
        OptionalInt size = SizeText.parse(compress.text());
        if (size.isEmpty()) {
            problem(
                    compress,
                    "expected from how many bytes on entries are compressed, like 800B, 4kB or 1MB, found \""
                            + compress.text() + "\"");
        }
        return size.orElse(0);
    }

    private void problem(Setting setting, String message) {
        reading.problems().add(setting.place(), message);
    }
}
