package io.tidemark.core.pipeline;

import java.util.Locale;

/** How a connection to PostgreSQL is secured, by the names libpq has for it. */
public enum SslMode {
    DISABLE,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /** The name in the pipeline file, in a URL and in the driver: {@code verify-full} and so on. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
