package io.tidemark.cli;

import io.tidemark.cli.stack.RunFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the web console is, in words. */
final class Console {
    private Console() {}

    static String address(RunFile running) {
        Map<String, String> urls = running.services().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().url()));
        return address(urls, Optional.ofNullable(running.token()).map(Path::of));
    }

    static String address(Map<String, String> urls, Optional<Path> token) {
        return "Positions, live: " + urls.get("position-service") + "/positions"
                + token.map(file -> "  (sign in with the token in " + file + ")")
                        .orElse("");
    }
}
