package io.tidemark.core.document;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compressed values: gzip (RFC 1952) without a name and a time, so that the same bytes give the same bytes. No JSON text
 * begins as gzip does, with {@code 1f 8b}. Thread-safe.
 */
public final class Gzip {
    private static final int BUFFER = 8192;

    private Gzip() {}

    public static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("BUG: writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    /** Whether a value is compressed. */
    public static boolean isCompressed(byte[] value) {
        return value.length > 1 && value[0] == 0x1f && value[1] == (byte) 0x8b;
    }

    /**
     * The value as it was before it was compressed; one that is not compressed as it is.
     *
     * @param most how many bytes at most
     * @return empty where it is broken, or longer
     */
    public static Optional<byte[]> expand(byte[] value, int most) {
        if (!isCompressed(value)) {
            return value.length <= most ? Optional.of(value) : Optional.empty();
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(value), BUFFER)) {
            byte[] bytes = gzip.readNBytes(most);
            return gzip.read() < 0 ? Optional.of(bytes) : Optional.empty();
        } catch (IOException broken) {
            return Optional.empty();
        }
    }
}
