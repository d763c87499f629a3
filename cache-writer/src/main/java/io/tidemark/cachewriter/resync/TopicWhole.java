package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.cachewriter.resync.Held.Fence;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.cachewriter.topics.RowRecords;
import io.tidemark.cachewriter.topics.RowTopics;
import io.tidemark.cachewriter.topics.RowTopics.Newest;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Version;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of row documents, brought back from its table's topic: what Redis holds is compared with what the newest record of each row
 * says, and only what differs is written. One thread.
 *
 * <p>A record that the fence has not seen is put as any change is. Where the fence has seen this very one and the value is another,
 * somebody else has written or removed it: it is filled under a lease with what the record says. The database is asked by
 * key, and only about what the topic can not decide: a record that does not say all of its row, a value that was read from the database
 * after it, an entry of which there is no record.
 */
final class TopicWhole implements AutoCloseable {
    private static final int AT_ONCE = 200;

    private final Target target;
    private final RowTopics topics;
    private final RowRecords records;
    private final Entries entries;
    private final Held held;
    private final Comparing comparing;
    private final ByKeys database;
    private final @Nullable Chosen chosen;
    private final Runnable end;
    private final SeenKeys seen = new SeenKeys();

    /** What it reads and writes with. */
    record Means(RowTopics topics, RowRecords records, Entries entries, Held held, ByKeys database) {}

    /**
     * @param chosen null for all entries
     * @param end called when it is closed
     */
    TopicWhole(Target target, Means means, @Nullable Chosen chosen, Runnable end) {
        this.target = target;
        this.topics = means.topics();
        this.records = means.records();
        this.entries = means.entries();
        this.held = means.held();
        this.comparing = new Comparing(target, entries, held);
        this.database = means.database();
        this.chosen = chosen;
        this.end = end;
    }

    /**
     * Brings back every entry, or those that are chosen, and removes those of them that neither the topic nor the database has a row for.
     *
     * @throws SQLException when the database has to be asked and is away; what is done by then stays done
     */
    void readAgain(Progress progress) throws SQLException, InterruptedException {
        long all = topics.records(records.table());
        if (all == 0 && isAnythingKept()) {
            throw new RefusedException(
                    "source",
                    "the topic of " + records.table() + " holds no record, and there are entries of its rows",
                    "wait until ingest-service has published the table, or use the database as the source");
        }
        progress.expect(all);
        Predicate<String> isAsked = isAsked();
        topics.newest(records.table(), null, () -> !progress.isCancelled(), new RowTopics.Each() {
            @Override
            public void take(List<Newest> rows, String cursor) throws SQLException, InterruptedException {
                Map<String, Newest> byEntry = records.byEntry(rows);
                byEntry.keySet().removeIf(isAsked.negate());
                List<String> keys = List.copyOf(byEntry.keySet());
                int from = 0;
                while (from < keys.size() && !progress.isCancelled()) {
                    List<String> some = keys.subList(from, Math.min(keys.size(), from + progress.portion(AT_ONCE)));
                    progress.looked(mend(some, byEntry, progress));
                    from += some.size();
                }
            }

            @Override
            public void late(List<Newest> rows) throws SQLException, InterruptedException {
                overtake(rows, isAsked, progress);
            }
        });
        if (!progress.isCancelled()) {
            removeOrphans(isAsked, progress);
        }
    }

    private Predicate<String> isAsked() {
        if (chosen instanceof Chosen.Keys some) {
            return new HashSet<>(some.keys())::contains;
        }
        if (chosen instanceof Chosen.Range range) {
            return key -> range.has(target.cache().key(), key);
        }
        return key -> true;
    }

    /** A row's newest change, and what its entry is to be. */
    private record Said(EntryWrite write, byte[] document) {

        String key() {
            return write.key();
        }
    }

    /** Answers how many of them are of rows that there are. */
    private long mend(List<String> keys, Map<String, Newest> rows, Progress progress)
            throws SQLException, InterruptedException {
        List<Said> said = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        for (String key : keys) {
            Newest row = rows.get(key);
            Change change = row == null ? null : records.changeOf(row);
            if (change != null && !change.operation().leavesRow() && !change.keyMoved()) {
                // Should there be an entry all the same, it is found among those without a row.
                continue;
            }
            seen.add(key);
            Said one = said(key, change);
            if (one == null) {
                undecided.add(key);
            } else {
                said.add(one);
            }
        }
        undecided.addAll(bringBack(differing(said), progress));
        askDatabase(undecided, progress);
        return said.size() + undecided.size();
    }

    private @Nullable Said said(String key, @Nullable Change change) {
        if (change == null || change.keyMoved() || !change.operation().leavesRow()) {
            return null;
        }
        byte[] document = records.documentOf(change);
        return document == null ? null : new Said(records.writeOf(key, change, document), document);
    }

    private List<Said> differing(List<Said> said) {
        List<byte @Nullable []> documents = new ArrayList<>(said.size());
        said.forEach(one -> documents.add(one.document()));
        BitSet right = comparing.right(said.stream().map(Said::key).toList(), documents);
        List<Said> differing = new ArrayList<>();
        for (int i = right.nextClearBit(0); i < said.size(); i = right.nextClearBit(i + 1)) {
            differing.add(said.get(i));
        }
        return differing;
    }

    /** Writes entries; answers the keys of those that only the database can decide. */
    private List<String> bringBack(List<Said> differing, Progress progress) {
        List<String> undecided = new ArrayList<>();
        List<Said> known = new ArrayList<>();
        List<WriteResult> results = entries.applied(
                target.cache().ttlMillis(), differing.stream().map(Said::write).toList());
        long written = 0;
        for (int i = 0; i < results.size(); i++) {
            switch (results.get(i)) {
                case WRITTEN -> written++;
                case OLDER -> known.add(differing.get(i));
                case FAILED -> throw notTaken();
                default -> undecided.add(differing.get(i).key());
            }
        }
        progress.wrote(new Refreshed(written, 0, 0));
        undecided.addAll(restore(known, progress));
        return undecided;
    }

    /** Entries whose fences have seen these records or newer ones, and whose values are others all the same. */
    private List<String> restore(List<Said> known, Progress progress) {
        if (known.isEmpty()) {
            return List.of();
        }
        String token = UUID.randomUUID().toString();
        entries.lease(token, known.stream().map(Said::key).toList());
        List<@Nullable Fence> fences = held.fences(known.stream().map(Said::key).toList());
        List<String> undecided = new ArrayList<>();
        List<Said> ours = new ArrayList<>();
        long overtaken = 0;
        for (int i = 0; i < known.size(); i++) {
            Fence fence = fences.get(i);
            Version version = known.get(i).write().version();
            if (fence != null && fence.version().isNewerThan(version)) {
                overtaken++;
            } else if (fence != null && fence.version().equals(version) && !mayHoldMore(fence)) {
                ours.add(known.get(i));
            } else {
                undecided.add(known.get(i).key());
            }
        }
        progress.wrote(new Refreshed(0, 0, overtaken));
        if (!ours.isEmpty()) {
            List<byte @Nullable []> documents = new ArrayList<>(ours.size());
            ours.forEach(one -> documents.add(one.document()));
            List<FillResult> results = entries.fill(
                    token,
                    null,
                    Keeping.of(target.cache()),
                    ours.stream().map(Said::key).toList(),
                    documents);
            progress.wrote(Refreshed.of(results));
        }
        return undecided;
    }

    /** Whether the entry's value was read from the database after its change, when a row may have changed that no record tells of. */
    private static boolean mayHoldMore(Fence fence) {
        Long horizon = fence.horizon();
        return horizon != null && Long.compareUnsigned(horizon, fence.version().commitLsn()) > 0;
    }

    /**
     * Records of rows that were read before. Whoever follows the topic applies them too; but where Redis evicts, a fence may be gone
     * again, and where one cannot be applied, its entry must not be what it was before.
     */
    private void overtake(List<Newest> late, Predicate<String> isAsked, Progress progress)
            throws SQLException, InterruptedException {
        Map<String, Newest> last =
                records.byEntry(late.stream().filter(row -> row.value() != null).toList());
        Map<String, Newest> all = new LinkedHashMap<>(records.byEntry(late));
        all.keySet().removeIf(isAsked.negate());
        List<EntryWrite> writes = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        for (String key : all.keySet()) {
            Newest row = last.get(key);
            Change change = row == null ? null : records.changeOf(row);
            Said said = said(key, change);
            if (said != null) {
                writes.add(said.write());
            } else if (change != null && !change.operation().leavesRow() && !change.keyMoved()) {
                writes.add(records.writeOf(key, change, null));
            } else {
                undecided.add(key);
            }
        }
        List<WriteResult> results = entries.applied(target.cache().ttlMillis(), writes);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) == WriteResult.FAILED) {
                throw notTaken();
            }
            if (results.get(i) == WriteResult.READ_AGAIN) {
                undecided.add(writes.get(i).key());
            }
        }
        progress.wrote(new Refreshed(0, 0, writes.size()));
        askDatabase(undecided, progress);
    }

    private static EntriesException notTaken() {
        return new EntriesException(
                "Redis did not take a write: it is full, or it was emptied or restarted meanwhile, when it is rebuilt from"
                        + " Kafka by itself",
                null);
    }

    private void askDatabase(List<String> keys, Progress progress) throws SQLException, InterruptedException {
        database.readAgain(keys, progress, (asked, found) -> progress.askedDatabase(asked));
    }

    /** What is in Redis and has no record: compaction has dropped what deleted it, or no topic ever had its row. The database says which. */
    private void removeOrphans(Predicate<String> isAsked, Progress progress) throws SQLException, InterruptedException {
        List<String> unknown = new ArrayList<>();
        if (chosen instanceof Chosen.Keys some) {
            some.keys().stream()
                    .filter(key -> !seen.mayContain(key) && held.isThere(key))
                    .forEach(unknown::add);
        } else {
            try {
                entries.scan(target.cache().key().scanPattern(), keys -> {
                    keys.stream()
                            .filter(key -> !seen.mayContain(key) && isAsked.test(key) && isOurs(key))
                            .forEach(unknown::add);
                    if (unknown.size() >= AT_ONCE) {
                        askUnchecked(unknown, progress);
                        unknown.clear();
                    }
                });
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof SQLException failure) {
                    throw failure;
                }
                if (failed.getCause() instanceof InterruptedException stopped) {
                    throw stopped;
                }
                throw failed;
            }
        }
        askDatabase(unknown, progress);
    }

    private void askUnchecked(List<String> keys, Progress progress) {
        try {
            askDatabase(keys, progress);
        } catch (SQLException | InterruptedException failure) {
            throw new CompletionException(failure);
        }
    }

    /** Every entry would have to be asked about. */
    private boolean isAnythingKept() {
        AtomicBoolean found = new AtomicBoolean();
        entries.scan(target.cache().key().scanPattern(), keys -> {
            if (keys.stream().anyMatch(this::isOurs)) {
                found.set(true);
            }
        });
        return found.get();
    }

    private boolean isOurs(String key) {
        return target.cache().key().match(key).isPresent();
    }

    @Override
    public void close() {
        end.run();
    }
}
