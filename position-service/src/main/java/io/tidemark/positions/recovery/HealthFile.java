package io.tidemark.positions.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.positions.recovery.HealthHistory.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health history on disk, a line a sample: milliseconds since 1970 and the percentage. Only a picture hangs on it, so
 * a line that cannot be understood is left out, and a disk that cannot be written costs no more than a word. Not
 * thread-safe: one owner.
 */
final class HealthFile {
    private static final Logger LOG = LoggerFactory.getLogger(HealthFile.class);
    private static final Pattern LINE = Pattern.compile("(\\d{1,15}) (\\d{1,3})");
    private static final long LARGEST = 1 << 20;

    private final Path file;
    private List<Sample> written = List.of();
    private boolean failed;

    HealthFile(Path file) {
        this.file = file;
    }

    /** What an earlier process wrote; nothing when there is no such file, or it is none of ours. */
    List<Sample> read() {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LARGEST) {
                return List.of();
            }
            return Files.readString(file, UTF_8)
                    .lines()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> new Sample(
                            Instant.ofEpochMilli(Long.parseLong(line.group(1))),
                            Math.min(100, Integer.parseInt(line.group(2)))))
                    .toList();
        } catch (IOException unreadable) {
            LOG.warn("the health history {} cannot be read; it begins anew", file, unreadable);
            return List.of();
        }
    }

    /** Writes beside it, then renames. */
    void write(List<Sample> samples) {
        if (samples.equals(written)) {
            return;
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path beside = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
            Files.writeString(
                    beside,
                    samples.stream()
                            .map(sample -> sample.at().toEpochMilli() + " " + sample.percent() + "\n")
                            .collect(Collectors.joining()),
                    UTF_8);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = samples;
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("the health history {} cannot be written; it is kept in memory meanwhile", file, e);
            }
            failed = true;
        }
    }
}
