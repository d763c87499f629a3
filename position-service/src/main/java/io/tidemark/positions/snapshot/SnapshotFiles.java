package io.tidemark.positions.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The snapshot's folder: the file itself, replaced by a rename only when its successor lies complete on the disk, and
 * copies kept from time to time. Not thread-safe: one owner.
 */
final class SnapshotFiles {
    static final String NAME = "sync-positions.json";

    private static final long LARGEST = 64L << 20;
    private static final Duration BETWEEN_COPIES = Duration.ofMinutes(10);
    private static final int COPIES_KEPT = 144;
    private static final Set<PosixFilePermission> OWNER_WRITES = PosixFilePermissions.fromString("rw-r-----");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path folder;
    private Instant lastCopy = Instant.EPOCH;

    SnapshotFiles(Path folder) {
        this.folder = folder;
    }

    Path file() {
        return folder.resolve(NAME);
    }

    /** The file's bytes; a link is not followed, and nothing larger than a snapshot can be is read. */
    byte[] read(Path file) throws IOException, SnapshotRefusedException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SnapshotRefusedException("expected a plain file, found a link or something else");
        }
        try (SeekableByteChannel in =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (in.size() > LARGEST) {
                throw new SnapshotRefusedException("expected at most " + LARGEST + " bytes, found " + in.size());
            }
            ByteBuffer content = ByteBuffer.allocate((int) in.size());
            while (content.hasRemaining() && in.read(content) >= 0) {
                // until all is read
            }
            return Arrays.copyOf(content.array(), content.position());
        }
    }

    boolean exists() {
        return Files.exists(file(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Puts these bytes in the file's place: written beside it, flushed to the disk, renamed, the folder flushed. */
    void replace(byte[] content, Instant now) throws IOException {
        Files.createDirectories(folder);
        Path beside = folder.resolve(NAME + "." + ProcessHandle.current().pid() + ".new");
        Files.deleteIfExists(beside);
        try (FileChannel out = FileChannel.open(
                beside,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(OWNER_WRITES))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(beside, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        flush(folder);
        copy(now);
    }

    /** Copies, the newest first. */
    List<Path> copies() throws IOException {
        Path history = history();
        if (!Files.isDirectory(history)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(history)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    private void copy(Instant now) throws IOException {
        if (now.isBefore(lastCopy.plus(BETWEEN_COPIES))) {
            return;
        }
        lastCopy = now;
        Files.createDirectories(history());
        try {
            Files.copy(file(), history().resolve("sync-positions-" + STAMP.format(now) + ".json"));
        } catch (FileAlreadyExistsException anotherInstance) {
            return;
        }
        List<Path> copies = copies();
        for (Path old : copies.subList(Math.min(COPIES_KEPT, copies.size()), copies.size())) {
            Files.deleteIfExists(old);
        }
    }

    private Path history() {
        return folder.resolve("history");
    }

    private static void flush(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
