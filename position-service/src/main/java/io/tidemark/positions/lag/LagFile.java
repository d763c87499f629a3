package io.tidemark.positions.lag;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.positions.lag.LagHistory.Point;
import io.tidemark.positions.lag.LagHistory.Series;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history on disk, a line a point: minutes since 1970, group, topic, records, seconds, state. Lines are appended once a minute, and
 * written anew without the old ones every six hours. Only a picture hangs on it, so a line that cannot be understood is left out,
 * and a disk that cannot be written costs no more than a word. One thread.
 */
final class LagFile {
    private static final Logger LOG = LoggerFactory.getLogger(LagFile.class);
    private static final long LARGEST = 64L << 20;
    private static final Duration ANEW_EVERY = Duration.ofHours(6);
    private static final int FIELDS = 6;
    private static final int SECONDS = 60;

    private final Path file;
    private final LagHistory history;
    private Instant writtenAnew = Instant.MIN;
    private boolean failed;

    LagFile(Path file, LagHistory history) {
        this.file = file;
        this.history = history;
    }

    /** Lets the history go on from what an earlier process wrote. */
    void read(Instant now) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LARGEST) {
                return;
            }
            try (Stream<String> lines = Files.lines(file, UTF_8)) {
                lines.forEach(line -> parse(line)
                        .filter(point -> !point.getValue().at().isAfter(now))
                        .ifPresent(point -> history.goOnFrom(point.getKey(), point.getValue())));
            }
            history.forget(now);
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            LOG.warn("the history of lag {} cannot be read; it begins anew", file, unreadable);
        }
    }

    /** Appends the points of a minute. */
    void append(Map<Series, Point> points, Instant now) {
        try {
            if (writtenAnew.plus(ANEW_EVERY).isBefore(now)) {
                writeAnew();
                writtenAnew = now;
            } else {
                StringBuilder lines = new StringBuilder();
                points.forEach((of, point) -> lines.append(line(of, point)));
                Files.writeString(file, lines, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("the history of lag {} cannot be written; it is kept in memory meanwhile", file, e);
            }
            failed = true;
            writtenAnew = Instant.MIN;
        }
    }

    /** Writes beside it, then renames. */
    private void writeAnew() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path beside = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
        try (var lines = Files.newBufferedWriter(beside, UTF_8)) {
            for (Map.Entry<Series, java.util.List<Point>> of : history.all().entrySet()) {
                for (Point point : of.getValue()) {
                    lines.write(line(of.getKey(), point));
                }
            }
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String line(Series of, Point point) {
        return String.format(
                Locale.ROOT,
                "%d\t%s\t%s\t%d\t%.3f\t%s\n",
                point.at().getEpochSecond() / SECONDS,
                URLEncoder.encode(of.group(), UTF_8),
                URLEncoder.encode(of.topic(), UTF_8),
                point.records(),
                point.seconds(),
                point.state().text());
    }

    private static Optional<Map.Entry<Series, Point>> parse(String line) {
        String[] fields = line.split("\t", -1);
        try {
            if (fields.length == FIELDS) {
                Series of = new Series(URLDecoder.decode(fields[1], UTF_8), URLDecoder.decode(fields[2], UTF_8));
                Instant at = Instant.ofEpochSecond(Long.parseLong(fields[0]) * SECONDS);
                LagState state = LagState.valueOf(fields[5].toUpperCase(Locale.ROOT));
                return Optional.of(
                        Map.entry(of, new Point(at, Long.parseLong(fields[3]), Double.parseDouble(fields[4]), state)));
            }
        } catch (IllegalArgumentException | java.time.DateTimeException notOurs) {
            // As the class says: left out.
        }
        return Optional.empty();
    }
}
