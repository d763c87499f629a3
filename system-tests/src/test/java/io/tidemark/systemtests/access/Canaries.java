package io.tidemark.systemtests.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Texts that must never be in any output: secrets, and a person's name that is in a row. */
record Canaries(Collection<String> texts) {

    /** Which of them is in a text, each with where that is. */
    List<String> in(String where, String text) {
        return texts.stream()
                .filter(text::contains)
                .map(canary -> canary + " in " + where)
                .toList();
    }

    /** The same of every file of a folder and those below. */
    List<String> below(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    found.addAll(
                            in(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return found;
    }
}
