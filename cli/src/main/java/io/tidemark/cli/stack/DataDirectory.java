package io.tidemark.cli.stack;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder (by default {@code .tidemark}) that holds what one stack keeps: data, logs, passwords and run.json. Held by
 * a lock of the operating system, which goes with this process however it ends. Only its owner can look inside.
 */
public final class DataDirectory implements AutoCloseable {
    private static final int PASSWORD_BYTES = 24;

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Opens the folder, made if need be, and locks it.
     *
     * @throws CommandFailure with exit code 6 when another run holds it, 2 when it cannot be used
     */
    public static DataDirectory lock(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel = FileChannel.open(
                    root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw new CommandFailure(
                        ExitCode.LOCKED,
                        "another tidemark" + (holder.isEmpty() ? "" : " (process " + holder + ")") + " runs in " + root
                                + "; stop it, or give this one a folder of its own with --data DIR");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectory(root, channel);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "cannot use the folder " + root + " (" + e + "); choose another with --data DIR",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    }

    /** A folder of that name in it, made if need be. */
    public Path folder(String name) {
        return folder(root.resolve(name));
    }

    /** The same of a folder anywhere below. */
    Path folder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + folder, e);
        }
    }

    /** An empty folder of that name: what was there before is deleted. */
    public Path emptyFolder(String name) {
        delete(name);
        return folder(name);
    }

    /** Deletes a folder with everything in it. */
    public void delete(String name) {
        Path folder = root.resolve(name);
        if (!Files.exists(folder)) {
            return;
        }
        try {
            List<Path> deepestFirst;
            try (Stream<Path> files = Files.walk(folder)) {
                deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot delete " + folder + ", left by an earlier run: " + e, e);
        }
    }

    /** A file with a random password, made at the first call and then kept; readable by its owner only. */
    public Path passwordFile(Path file) {
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            write(file, HexFormat.of().formatHex(random));
        }
        return file;
    }

    /** Writes a file, readable by its owner only, in one step: a reader sees the old content or the new. */
    public void write(Path file, String content) {
        try {
            Path fresh = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    file.getFileName() + ".",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** An empty log of that name, readable by its owner only; the log of the run before is gone. */
    public Path emptyLog(String name) {
        Path log = folder("logs").resolve(name + ".log");
        write(log, "");
        return log;
    }

    public Path root() {
        return root;
    }

    /** Where the addresses of what runs stand. */
    public Path runFile() {
        return root.resolve(RunFile.NAME);
    }

    /** Lets others have the folder. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock " + root, e);
        }
    }
}
