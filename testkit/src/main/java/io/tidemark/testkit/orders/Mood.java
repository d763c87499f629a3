package io.tidemark.testkit.orders;

import java.util.Locale;

/** Ways in which the API can answer badly, on demand. */
public enum Mood {
    /** 429 with Retry-After, though no limit is reached. */
    TOO_MANY,
    /** 500 with a JSON message. */
    SERVER_ERROR,
    /** 502 with a proxy's HTML page. */
    BAD_GATEWAY,
    /** 200 with an HTML page, as of a log-in form. */
    HTML,
    /** Half of the body, then the connection is closed. */
    HALF_BODY,
    /** The whole length, but JSON that ends in the middle. */
    TORN_JSON,
    /** 200 with an empty body. */
    EMPTY_BODY,
    /** No answer until the client gives up. */
    SILENCE,
    /** The body comes a byte at a time. */
    DRIP,
    /** The orders of the page in a wrong order. */
    OUT_OF_ORDER,
    /** The page that was answered before this one. */
    REPEAT,
    /** An order of the page lacks its id. */
    ID_MISSING,
    /** An order of the page has fields of wrong types; its id is right. */
    ODD_FIELDS,
    /** 403, as for a withdrawn token. */
    FORBIDDEN,
    /** 302 to another host. */
    REDIRECT,
    /** A cursor is not understood any more and the first page is answered, as some frameworks do. */
    CURSOR_FORGOTTEN,
    /** A cursor is refused with 422. */
    CURSOR_REFUSED;

    /** Reads {@code half-body} and {@code HALF_BODY}. */
    public static Mood parse(String text) {
        return valueOf(text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Whether it concerns only calls with a cursor. */
    boolean needsCursor() {
        return this == CURSOR_FORGOTTEN || this == CURSOR_REFUSED;
    }
}
