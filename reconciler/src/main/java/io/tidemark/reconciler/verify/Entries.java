package io.tidemark.reconciler.verify;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries in Redis. Implementations are used by one thread at a time; all methods throw {@link AwayException} when Redis
 * does not answer or refuses.
 */
public interface Entries {

    /**
     * The values of keys as their cache's format stores them, in the keys' order.
     *
     * @return null where a key holds nothing, or something of another type
     */
    List<byte @Nullable []> values(List<String> keys);

    /** Whether each of these keys has its meta beside it. */
    boolean allHaveMeta(List<String> keys);

    /** The entries of keys with their meta, in their order. */
    List<Entry> read(List<String> keys);

    /**
     * Every key that matches a pattern of Redis' {@code SCAN} and exists from the beginning of the iteration to its end;
     * some keys may come twice.
     */
    Iterator<String> matching(String pattern);

    /** Redis does not answer, or refuses; the message says so to people. */
    final class AwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public AwayException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
