package io.tidemark.core.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

    static Optional<SslMode> of(Setting setting, Problems problems) {
        Optional<SslMode> mode = Arrays.stream(values())
                .filter(candidate -> candidate.text().equals(setting.text()))
                .findFirst();
        if (mode.isEmpty()) {
            List<String> known = Arrays.stream(values()).map(SslMode::text).toList();
            problems.add(
                    setting.place(),
                    "expected one of " + String.join(", ", known) + ", found \"" + setting.text() + "\"");
        }
        return mode;
    }
}
