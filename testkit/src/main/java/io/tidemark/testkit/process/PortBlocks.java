package io.tidemark.testkit.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives ports away so that nobody gets one that another was given and has not taken yet: a server is told its port seconds before
 * it listens. A range is cut into blocks; of each a process has the lock of a file while it lives, and it gives every port once.
 * Thread-safe.
 */
final class PortBlocks {
    private static final int SIZE = 50;

    private final Path directory;
    private final int lowest;
    private final List<Integer> untried;
    private final List<FileChannel> open = new ArrayList<>();
    private int next;
    private int endOfBlock;

    /**
     * @param directory of the files, made when it is not there
     * @param lowest the first port
     * @param end the port after the last
     */
    PortBlocks(Path directory, int lowest, int end) {
        this.directory = directory;
        this.lowest = lowest;
        this.untried =
                IntStream.range(0, (end - lowest) / SIZE).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(untried);
    }

    /**
     * A port that nobody listens on at this moment.
     *
     * @throws IllegalStateException when none is left
     */
    synchronized int next() {
        while (true) {
            while (next < endOfBlock) {
                int port = next++;
                if (Ports.isFree(port)) {
                    return port;
                }
            }
            if (untried.isEmpty()) {
                throw new IllegalStateException(
                        "no free port left from " + lowest + " on: too many runs stand side by side");
            }
            int block = untried.remove(untried.size() - 1);
            if (isOurs(block)) {
                next = lowest + block * SIZE;
                endOfBlock = next + SIZE;
            }
        }
    }

    private boolean isOurs(int block) {
        try {
            Files.createDirectories(directory);
            FileChannel file = FileChannel.open(
                    directory.resolve("block-" + block), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Never closed: by that, all locks of the file that this process has would end, whoever has them in it.
            open.add(file);
            return isLocked(file);
        } catch (IOException noFiles) {
            // Where no file can be made, ports are unlike within this process at least.
            return true;
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            return false;
        }
    }
}
