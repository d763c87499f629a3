package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Looks again at entries that differed, in chunks, as often as it takes to tell drift from what is on its way. Not
 * thread-safe.
 */
final class SecondLook {
    private static final long CHUNK_BYTES = 8L << 20;
    private static final int MOST_WAITING = 8192;

    private final Rows rows;
    private final Entries entries;
    private final Applied applied;
    private final Lock turn;
    private final Tally tally;
    private final Subject cache;
    private final Findings findings;
    private final ChunkSize chunk = new ChunkSize(256, MOST_WAITING, CHUNK_BYTES);
    private final Map<String, ObjectNode> waiting = new LinkedHashMap<>();

    SecondLook(Compared compared, Subject cache, Tally tally, Findings findings) {
        this.rows = compared.rows();
        this.entries = compared.entries();
        this.applied = compared.applied();
        this.turn = compared.turn();
        this.tally = tally;
        this.cache = cache;
        this.findings = findings;
    }

    /** Notes an entry to look at again, by its key and its row's; looks when enough of them wait. */
    void add(String key, ObjectNode row) throws SQLException, InterruptedException, NotAppliedException {
        waiting.put(key, row);
        if (waiting.size() >= chunk.rows()) {
            finish();
        }
    }

    /** Looks at all that wait. */
    void finish() throws SQLException, InterruptedException, NotAppliedException {
        Map<String, ObjectNode> suspects = new LinkedHashMap<>(waiting);
        for (int round = 1; !suspects.isEmpty(); round++) {
            turn.lockInterruptibly();
            try {
                look(suspects, round == applied.mostLooks());
            } finally {
                turn.unlock();
            }
        }
        waiting.clear();
    }

    /** How many wait for their second look. */
    int waiting() {
        return waiting.size();
    }

    /** One round over suspects; those it could judge are taken out. */
    private void look(Map<String, ObjectNode> suspects, boolean last)
            throws SQLException, InterruptedException, NotAppliedException {
        List<String> keys = new ArrayList<>(suspects.keySet());
        List<Entry> before = digested(entries.read(keys));
        RowsRead read = rows.read(new ArrayList<>(suspects.values()));
        chunk.took(keys.size(), 3 * bytesOf(read));
        applied.await(read.horizonLsn());
        List<Entry> after = entries.read(keys);
        List<Drift> drifts = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            byte @Nullable [] row = read.documents().get(i);
            Verdict verdict = Verdict.of(before.get(i), row, after.get(i), cache.keptWhole(), cache.format());
            if (verdict != Verdict.IN_FLIGHT || last) {
                tally.judged(keys.get(i), verdict, after.get(i));
                ObjectNode rowKey = suspects.remove(keys.get(i));
                if (verdict.isDrift() && rowKey != null) {
                    drifts.add(new Drift(keys.get(i), rowKey, verdict, after.get(i), row, read.horizonLsn()));
                }
            }
        }
        if (!drifts.isEmpty()) {
            findings.drifted(drifts);
        }
    }

    private static List<Entry> digested(List<Entry> entries) {
        return entries.stream().map(Entry::digested).toList();
    }

    private static long bytesOf(RowsRead read) {
        long bytes = 0;
        for (byte @Nullable [] document : read.documents()) {
            bytes += document == null ? 0 : document.length;
        }
        return bytes;
    }
}
