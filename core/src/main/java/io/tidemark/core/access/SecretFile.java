package io.tidemark.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Reads a file that holds a token or a private key, unless everybody on the machine may read it as well. Pure but for the file. */
public final class SecretFile {
    /** Where a container's platform puts secrets: it decides who sees them there, and commonly gives them mode 0444. */
    private static final Path OF_CONTAINERS = Path.of("/run/secrets");

    private SecretFile() {}

    /**
     * What the file holds, without white space around it.
     *
     * @param setting what names the file, for messages
     * @throws IllegalArgumentException when it cannot be read, or when others than its owner and group may read or write it
     */
    public static String read(String setting, Path file) {
        try {
            requirePrivate(setting, file);
            return Files.readString(file, UTF_8).strip();
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    setting + ": the file " + file + " cannot be read ("
                            + unreadable.getClass().getSimpleName() + "); it is to be there and readable by this user",
                    unreadable);
        }
    }

    private static void requirePrivate(String setting, Path file) throws IOException {
        if (file.toAbsolutePath().normalize().startsWith(OF_CONTAINERS)
                || !Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IllegalArgumentException(setting + ": expected " + file
                    + " to be readable by its owner only, found " + PosixFilePermissions.toString(permissions)
                    + ": everybody on this machine may use the secret in it. Make a new one, and run: chmod 600 "
                    + file);
        }
    }
}
