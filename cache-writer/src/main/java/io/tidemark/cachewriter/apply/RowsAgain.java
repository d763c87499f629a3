package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.core.postgres.ShapeChangedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads rows from the database where a change does not say what the entry is to be, many rows in one statement. One
 * thread owns it.
 *
 * <p>When the database is away, what needed it is invalidated, so that it is not stale, and waits in Kafka.
 */
final class RowsAgain {
    private static final Logger LOG = LoggerFactory.getLogger(RowsAgain.class);
    private static final int ROWS_AT_ONCE = 200;
    /** Rows that came without their value are large ones. */
    private static final int LARGE_ROWS_AT_ONCE = 4;
    /** A lease that was refused twice was voided by changes, and those say what the entry is. */
    private static final int LEASES = 2;

    private final Tables tables;
    private final Runnable lookAtShapes;
    private final SourceSession source;
    private final Entries entries;
    private final Writing writing;
    private final WriterStats stats;
    private boolean troubled;

    RowsAgain(
            Tables tables,
            Runnable lookAtShapes,
            SourceSession source,
            Entries entries,
            Writing writing,
            WriterStats stats) {
        this.tables = tables;
        this.lookAtShapes = lookAtShapes;
        this.source = source;
        this.entries = entries;
        this.writing = writing;
        this.stats = stats;
    }

    /**
     * Reads the rows of changes and writes them under the changes' versions.
     *
     * @param marks learns what could not be done
     * @return those whose value in Redis was read even later; the caller treats them as suspects
     */
    List<Planned> read(List<Planned> again, Watermarks marks) {
        List<Planned> refused = new ArrayList<>();
        for (List<Planned> portion :
                portions(again, Planned::target, planned -> planned.newest().valueLeftOut())) {
            Target target = portion.get(0).target();
            try {
                RowsRead rows = rows(target, portion, Planned::primaryKey);
                List<Writing.Pending> writes = new ArrayList<>(portion.size());
                for (int i = 0; i < portion.size(); i++) {
                    Planned planned = portion.get(i);
                    writes.add(new Writing.Pending(
                            planned,
                            planned.write(rows.horizonLsn(), rows.documents().get(i))));
                }
                writing.start(target.cache().ttlMillis(), writes);
                refused.addAll(writing.settle(marks));
            } catch (SQLException | RuntimeException failure) {
                wait(
                        failure,
                        () -> entries.invalidate(
                                portion.stream().map(Planned::key).toList(),
                                portion.stream()
                                        .map(planned -> planned.newest().version())
                                        .toList()));
                portion.forEach(planned -> planned.leaveUnfinished(marks));
            }
        }
        return refused;
    }

    /** Fills suspects under leases with what the database says. */
    void settle(List<Suspect> suspects, Watermarks marks) {
        for (List<Suspect> portion : portions(suspects, Suspect::target, suspect -> false)) {
            List<Suspect> left = portion;
            try {
                for (int lease = 0; lease < LEASES && !left.isEmpty(); lease++) {
                    left = fill(left);
                }
            } catch (SQLException | RuntimeException failure) {
                wait(
                        failure,
                        () -> entries.invalidate(
                                portion.stream().map(Suspect::key).toList()));
                portion.forEach(suspect -> marks.unfinished(suspect.partition(), suspect.offset()));
            }
        }
    }

    private List<Suspect> fill(List<Suspect> suspects) throws SQLException {
        Target target = suspects.get(0).target();
        List<String> keys = suspects.stream().map(Suspect::key).toList();
        String token = UUID.randomUUID().toString();
        entries.lease(token, keys);
        RowsRead rows = rows(target, suspects, Suspect::primaryKey);
        List<FillResult> results =
                entries.fill(token, rows.horizonLsn(), Keeping.of(target.cache()), keys, rows.documents());
        List<Suspect> refused = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) == FillResult.REFUSED) {
                refused.add(suspects.get(i));
            }
        }
        return refused;
    }

    private <T> RowsRead rows(Target target, List<T> wanted, Function<T, ObjectNode> key) throws SQLException {
        List<ObjectNode> keys = wanted.stream().map(key).toList();
        RowsRead rows;
        try {
            rows = source.run(connection -> tables.current(target).reader().read(connection, keys));
        } catch (ShapeChangedException older) {
            lookAtShapes.run();
            rows = source.run(connection -> tables.current(target).reader().read(connection, keys));
        }
        stats.rowsReadAgain(keys.size());
        if (troubled) {
            troubled = false;
            LOG.info("rows can be read from the database again");
        }
        return rows;
    }

    /** Portions of one target each, of a size that memory can bear. */
    private static <T> List<List<T>> portions(List<T> all, Function<T, Target> target, Function<T, Boolean> isLarge) {
        Map<Target, List<T>> byTarget = new LinkedHashMap<>();
        List<List<T>> portions = new ArrayList<>();
        for (T one : all) {
            List<T> portion = byTarget.computeIfAbsent(target.apply(one), t -> new ArrayList<>());
            portion.add(one);
            if (portion.size() >= (isLarge.apply(one) ? LARGE_ROWS_AT_ONCE : ROWS_AT_ONCE)) {
                portions.add(byTarget.remove(target.apply(one)));
            }
        }
        portions.addAll(byTarget.values());
        return portions;
    }

    private void wait(Exception failure, Runnable invalidate) {
        if (!troubled) {
            troubled = true;
            LOG.warn(
                    "rows cannot be read from the database; entries that need it are invalidated and their changes wait in Kafka: {}",
                    failure.getMessage());
        }
        try {
            invalidate.run();
        } catch (EntriesException redisAway) {
            LOG.debug("not invalidated: {}", redisAway.getMessage());
        }
    }
}
