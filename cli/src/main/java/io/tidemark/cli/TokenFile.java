package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a token from its file. */
final class TokenFile {
    private TokenFile() {}

    /** @throws CommandFailure with exit code 2 when the file cannot be read */
    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "the token's file " + file + " cannot be read", e);
        }
    }
}
