package io.tidemark.testkit.servers;

import java.util.Locale;

/** Where the tests' servers run. */
enum Choice {
    EMBEDDED,
    CONTAINERS;

    static Choice ofEnvironment() {
        String wanted = System.getenv("TIDEMARK_TESTKIT");
        return wanted == null || wanted.isBlank() ? EMBEDDED : of(wanted);
    }

    static Choice of(String wanted) {
        for (Choice choice : values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(wanted)) {
                return choice;
            }
        }
        throw new IllegalArgumentException(
                "expected TIDEMARK_TESTKIT to be embedded or containers, found \"" + wanted + "\"");
    }

    Servers servers() {
        return this == EMBEDDED ? Servers.embedded() : Servers.containers();
    }
}
