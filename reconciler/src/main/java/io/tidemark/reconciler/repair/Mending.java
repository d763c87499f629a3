package io.tidemark.reconciler.repair;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Version;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import io.tidemark.reconciler.verify.Compared;
import io.tidemark.reconciler.verify.Drift;
import io.tidemark.reconciler.verify.Entry;
import io.tidemark.reconciler.verify.Findings;
import io.tidemark.reconciler.verify.Order.Mode;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Tally;
import io.tidemark.reconciler.verify.Tally.Repair;
import io.tidemark.reconciler.verify.Verdict;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the causes of what differs found, asks for its repair, and looks at it once more when the repair is said to be done: only
 * what is right then counts as repaired. A few portions are under way at once, so memory is bounded. For one thread.
 */
public final class Mending implements Findings {
    private static final int MOST_UNDER_WAY = 4;

    private final Ordered ordered;
    private final Findings causes;
    private final Repairs repairs;
    private final Compared compared;
    private final Tally tally;
    private final Deque<Portion> underWay = new ArrayDeque<>();

    /**
     * Of what the repairs are.
     *
     * @param run which run asks for them
     * @param cache of which cache
     * @param mode what is to be repaired
     */
    public record Ordered(String run, Subject cache, Mode mode) {}

    /** Keys whose repair was asked for, with their rows, or without where they were right already. */
    private record Portion(long asked, List<String> keys, List<ObjectNode> rows) {}

    /**
     * @param causes told of what differs before it is repaired
     * @param compared where to look again
     */
    public Mending(Ordered ordered, Findings causes, Repairs repairs, Compared compared, Tally tally) {
        this.ordered = ordered;
        this.causes = causes;
        this.repairs = repairs;
        this.compared = compared;
        this.tally = tally;
    }

    @Override
    public void drifted(List<Drift> drifts) throws SQLException, InterruptedException, NotAppliedException {
        causes.drifted(drifts);
        if (ordered.mode() == Mode.CHECK) {
            return;
        }
        askFor(drifts.stream().filter(drift -> !isAhead(drift)).toList(), false);
        askFor(drifts.stream().filter(Mending::isAhead).toList(), true);
    }

    private void askFor(List<Drift> drifts, boolean forget)
            throws SQLException, InterruptedException, NotAppliedException {
        if (drifts.isEmpty()) {
            return;
        }
        List<String> keys = drifts.stream().map(Drift::key).toList();
        List<ObjectNode> rows = drifts.stream().map(Drift::row).toList();
        underWay.add(new Portion(ask(keys, forget), keys, rows));
        if (underWay.size() > MOST_UNDER_WAY) {
            look(underWay.remove());
        }
    }

    /** Whether the entry's fence is of a commit that PostgreSQL had not written yet: it would refuse every change to come. */
    private static boolean isAhead(Drift drift) {
        String version = drift.entry().version();
        try {
            return version != null
                    && Long.compareUnsigned(Version.parse(version).commitLsn(), drift.horizonLsn()) > 0;
        } catch (IllegalArgumentException notOfARow) {
            return false;
        }
    }

    @Override
    public void right(List<String> keys) throws SQLException, InterruptedException, NotAppliedException {
        if (ordered.mode() == Mode.FORCE) {
            underWay.add(new Portion(ask(keys, false), keys, List.of()));
            if (underWay.size() > MOST_UNDER_WAY) {
                look(underWay.remove());
            }
        }
    }

    @Override
    public void finish() throws SQLException, InterruptedException, NotAppliedException {
        causes.finish();
        while (!underWay.isEmpty()) {
            look(underWay.remove());
        }
    }

    private long ask(List<String> keys, boolean forget) throws InterruptedException, NotAppliedException {
        long asked = repairs.ask(ordered.run(), ordered.cache().name(), forget, keys);
        tally.repaired(Repair.ASKED, keys.size());
        return asked;
    }

    private void look(Portion portion) throws SQLException, InterruptedException, NotAppliedException {
        repairs.await(portion.asked());
        if (portion.rows().isEmpty()) {
            // They were right before.
            tally.repaired(Repair.DONE, portion.keys().size());
            return;
        }
        int failed = failed(portion);
        tally.repaired(Repair.DONE, portion.keys().size() - failed);
        tally.repaired(Repair.FAILED, failed);
    }

    /** How many entries of a portion still differ. What is right at first sight is; of the rest some may just be being written. */
    private int failed(Portion portion) throws SQLException, InterruptedException, NotAppliedException {
        RowsRead rows = compared.rows().read(portion.rows());
        compared.applied().await(rows.horizonLsn());
        BitSet right = right(portion.keys(), rows.documents());
        List<String> keys = new ArrayList<>();
        List<ObjectNode> rowKeys = new ArrayList<>();
        for (int i = right.nextClearBit(0); i < portion.keys().size(); i = right.nextClearBit(i + 1)) {
            keys.add(portion.keys().get(i));
            rowKeys.add(portion.rows().get(i));
        }
        return keys.isEmpty() ? 0 : failed(keys, rowKeys);
    }

    /** Which entries are what their rows are, by their values and by whether all of them have meta: Redis is asked for no more. */
    private BitSet right(List<String> keys, List<byte @Nullable []> documents) {
        List<byte @Nullable []> values = compared.entries().values(keys);
        BitSet right = new BitSet(keys.size());
        List<String> there = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            byte[] value = values.get(i);
            byte[] document = documents.get(i);
            if (value == null || document == null) {
                right.set(i, value == null && document == null);
            } else if (ordered.cache().format().holds(value, document)) {
                right.set(i);
                there.add(keys.get(i));
            }
        }
        boolean areWhole = !ordered.cache().keptWhole()
                || there.isEmpty()
                || compared.entries().allHaveMeta(there);
        return areWhole ? right : new BitSet();
    }

    private int failed(List<String> keys, List<ObjectNode> rowKeys)
            throws SQLException, InterruptedException, NotAppliedException {
        List<Entry> before = compared.entries().read(keys);
        RowsRead rows = compared.rows().read(rowKeys);
        compared.applied().await(rows.horizonLsn());
        List<Entry> after = compared.entries().read(keys);
        int failed = 0;
        for (int i = 0; i < keys.size(); i++) {
            failed += verdict(before.get(i), rows.documents().get(i), after.get(i))
                            .isDrift()
                    ? 1
                    : 0;
        }
        return failed;
    }

    private Verdict verdict(Entry before, byte @Nullable [] row, Entry after) {
        return Verdict.of(
                before, row, after, ordered.cache().keptWhole(), ordered.cache().format());
    }
}
