package io.tidemark.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A directory where server binaries are unpacked once and then shared by every run of this user. Safe for several
 * processes at once: each unpacks beside the place and renames, and the first rename wins.
 *
 * @param directory absolute
 */
public record BinaryCache(Path directory) {

    /** Writes the files of one set of binaries into an empty directory. */
    @FunctionalInterface
    public interface Unpacker {
        void unpackInto(Path directory) throws IOException;
    }

    /** The user's own cache: TIDEMARK_CACHE_DIR, or {@code tidemark} in XDG_CACHE_HOME or ~/.cache, or one in the temporary directory. */
    public static BinaryCache ofUser() {
        String chosen = System.getenv("TIDEMARK_CACHE_DIR");
        if (chosen != null && !chosen.isBlank()) {
            return new BinaryCache(Path.of(chosen).toAbsolutePath());
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(Objects.requireNonNullElse(System.getProperty("user.home"), "/nonexistent"));
        Path wanted = (xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg)).resolve("tidemark");
        if (canWrite(wanted)) {
            return new BinaryCache(wanted.toAbsolutePath());
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "tidemark-" + System.getProperty("user.name"));
        requireOwn(temporary);
        return new BinaryCache(temporary.toAbsolutePath());
    }

    /** The directory that holds the binaries of that name, unpacked now if this is the first time. */
    public Path unpackOnce(String name, Unpacker unpacker) {
        Path place = directory.resolve(name);
        if (Files.isDirectory(place)) {
            return place;
        }
        try {
            Files.createDirectories(directory);
            Path fresh = Files.createTempDirectory(directory, name + ".new-");
            unpacker.unpackInto(fresh);
            fresh.toFile().setExecutable(true, false);
            fresh.toFile().setReadable(true, false);
            rename(fresh, place);
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + name + " into " + directory, e);
        }
    }

    private static void rename(Path fresh, Path place) throws IOException {
        try {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(fresh);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }

    private static boolean canWrite(Path directory) {
        try {
            return Files.isWritable(Files.createDirectories(directory));
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireOwn(Path directory) {
        try {
            Files.createDirectories(directory);
            String owner = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
            if (!owner.equals(System.getProperty("user.name"))) {
                throw new IllegalStateException(directory + " belongs to " + owner
                        + ": programs found there are not run; set TIDEMARK_CACHE_DIR to a directory of your own");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + "; set TIDEMARK_CACHE_DIR", e);
        }
    }
}
