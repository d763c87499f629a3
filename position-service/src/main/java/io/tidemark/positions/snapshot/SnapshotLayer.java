package io.tidemark.positions.snapshot;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.Monotonic;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JSON snapshot as a layer. Each write replaces the whole file, so callers gather what they write. Several processes
 * may share the folder: a lock beside the file makes each merge into what the other wrote. Thread-safe.
 */
public final class SnapshotLayer implements PositionLayer {
    /** A snapshot older than this is not believed: the database knows better by then. */
    public static final Duration OLDEST_BELIEVED = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotLayer.class);

    private static final Duration LOCK_WITHIN = Duration.ofSeconds(5);

    private final Path folder;
    private final SnapshotFiles files;
    private final SnapshotForm form;
    private final Clock clock;
    /** The last content that was found good: the very same bytes need not be understood again. */
    private @Nullable Understood understood;

    private record Understood(byte[] content, Snapshot snapshot) {}

    /**
     * @param folder where the file lies; made when it is not there
     * @param installation whose snapshots these are
     */
    public SnapshotLayer(Path folder, String installation, Seal seal, Clock clock) {
        this.folder = folder;
        this.files = new SnapshotFiles(folder);
        this.form = new SnapshotForm(installation, seal);
        this.clock = clock;
    }

    @Override
    public Layer layer() {
        return Layer.JSON;
    }

    /** Where the snapshot lies. */
    public Path file() {
        return files.file();
    }

    @Override
    public synchronized Map<StoreId, Checkpoint> read(Collection<StoreId> stores) {
        Map<StoreId, Checkpoint> found = new HashMap<>();
        Snapshot snapshot = newestBelieved();
        for (StoreId store : stores) {
            Checkpoint checkpoint = snapshot.checkpoints().get(store);
            if (checkpoint != null) {
                found.put(store, new Checkpoint(checkpoint.position().from(Layer.JSON), checkpoint.reflects()));
            }
        }
        return found;
    }

    @Override
    public synchronized Map<StoreId, Verdict> write(Collection<Checkpoint> checkpoints) {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(SnapshotFiles.NAME + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                if (!lock.isValid()) {
                    throw new IOException("the lock beside the snapshot was lost");
                }
                return merge(checkpoints);
            }
        } catch (IOException e) {
            throw new LayerUnavailableException(
                    Layer.JSON,
                    "the snapshot " + files.file() + " cannot be written (" + e
                            + "); make room or give the service the right to write there",
                    e);
        }
    }

    /** Earlier snapshots of a store that can be believed, the newest first. */
    public synchronized List<Checkpoint> history(StoreId store, int most) {
        List<Checkpoint> history = new ArrayList<>();
        try {
            for (Path copy : files.copies()) {
                if (history.size() >= most) {
                    break;
                }
                Optional<Snapshot> earlier = tryRead(copy);
                earlier.map(snapshot -> snapshot.checkpoints().get(store)).ifPresent(history::add);
            }
        } catch (IOException e) {
            LOG.warn("the history beside {} cannot be listed: {}", files.file(), e.toString());
        }
        return history;
    }

    private Map<StoreId, Verdict> merge(Collection<Checkpoint> checkpoints) throws IOException {
        Snapshot held = heldOrNone();
        Map<StoreId, Checkpoint> merged = new TreeMap<>(held.checkpoints());
        Map<StoreId, Verdict> verdicts = new HashMap<>();
        for (Checkpoint wanted : checkpoints) {
            StoreId store = wanted.position().store();
            Optional<Checkpoint> present = Optional.ofNullable(merged.get(store));
            Verdict verdict = Monotonic.judge(present.map(Checkpoint::position), wanted.position());
            if (verdict != Verdict.LOWER) {
                merged.put(store, wanted);
            }
            verdicts.put(store, verdict);
        }
        Instant now = clock.instant();
        Snapshot next = held.next(now, merged);
        byte[] content = form.write(next);
        files.replace(content, now);
        understood = new Understood(content, next);
        return verdicts;
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + LOCK_WITHIN.toNanos();
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException heldByAnotherOfThisProcess) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "the lock beside the snapshot was not free for " + LOCK_WITHIN.toSeconds() + " s");
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** What the file holds now; a file that is refused gives way, after its newest copy that can be believed. */
    private Snapshot heldOrNone() {
        try {
            return newestBelieved();
        } catch (LayerUnavailableException refused) {
            LOG.warn("{}; it is written anew", refused.getMessage());
            return Snapshot.none();
        }
    }

    private Snapshot newestBelieved() {
        if (!files.exists()) {
            return Snapshot.none();
        }
        try {
            return believed(files.file());
        } catch (SnapshotRefusedException refused) {
            return newestCopy(refused);
        } catch (IOException e) {
            throw new LayerUnavailableException(
                    Layer.JSON, "the snapshot " + files.file() + " cannot be read: " + e, e);
        }
    }

    private Snapshot newestCopy(SnapshotRefusedException refused) {
        String message = "the snapshot " + files.file() + " is refused: " + refused.getMessage();
        try {
            for (Path copy : files.copies()) {
                Optional<Snapshot> earlier = tryRead(copy);
                if (earlier.isPresent()) {
                    LOG.warn("{}; its copy {} is taken instead", message, copy.getFileName());
                    return earlier.get();
                }
            }
        } catch (IOException e) {
            refused.addSuppressed(e);
        }
        throw new LayerUnavailableException(
                Layer.JSON, message + "; no copy beside it can be believed either, the next layer is asked", refused);
    }

    private Optional<Snapshot> tryRead(Path copy) {
        try {
            return Optional.of(believed(copy));
        } catch (SnapshotRefusedException | IOException refused) {
            LOG.warn("the copy {} is refused: {}", copy, refused.getMessage());
            return Optional.empty();
        }
    }

    private Snapshot believed(Path file) throws IOException, SnapshotRefusedException {
        byte[] content = files.read(file);
        Understood last = understood;
        Snapshot snapshot =
                last != null && Arrays.equals(last.content(), content) ? last.snapshot() : form.read(content);
        understood = new Understood(content, snapshot);
        Duration age = Duration.between(snapshot.written(), clock.instant());
        if (age.compareTo(OLDEST_BELIEVED) > 0) {
            throw new SnapshotRefusedException(
                    "it is stale: written " + age.toDays() + " days ago, believed for " + OLDEST_BELIEVED.toDays());
        }
        return snapshot;
    }
}
