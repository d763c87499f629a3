package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.core.access.SecretFile;
import java.nio.file.Path;

/** Reads a token from its file. */
final class TokenFile {
    private TokenFile() {}

    /** @throws CommandFailure with exit code 2 when the file cannot be read, or everybody may read it */
    static String read(Path file) {
        try {
            return SecretFile.read("the token's file", file);
        } catch (IllegalArgumentException refused) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(refused.getMessage()), refused);
        }
    }
}
