package io.tidemark.testkit.promise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every committed change arrives. The writer numbers the changes of each row (1, 2, 3…) and reports a number once its
 * commit has returned; the reader reports the numbers it meets. A number beyond what the writer knows to be committed
 * is fine: the commit's answer may have been lost with the connection.
 */
public final class NoLostChange implements Promise {

    private final Map<String, NavigableSet<Long>> committed = new TreeMap<>();
    private final Map<String, NavigableSet<Long>> arrived = new TreeMap<>();
    private final Map<String, Long> coveredUpTo = new TreeMap<>();

    /** The database has confirmed the commit of this change. */
    public synchronized void committed(String row, long change) {
        committed.computeIfAbsent(row, r -> new TreeSet<>()).add(change);
    }

    /** This very change was met, for example as a record of Kafka or as a dead letter. */
    public synchronized void arrived(String row, long change) {
        arrived.computeIfAbsent(row, r -> new TreeSet<>()).add(change);
    }

    /** A state was met that holds this change and every earlier one of the row, for example the entry in Redis. */
    public synchronized void covered(String row, long upToChange) {
        coveredUpTo.merge(row, upToChange, Math::max);
    }

    @Override
    public String statement() {
        return "Every committed change arrives.";
    }

    @Override
    public synchronized List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        committed.forEach((row, changes) -> {
            NavigableSet<Long> lost = new TreeSet<>(changes.tailSet(coveredUpTo.getOrDefault(row, 0L), false));
            NavigableSet<Long> met = arrived.getOrDefault(row, new TreeSet<>());
            lost.removeAll(met);
            if (!lost.isEmpty()) {
                violations.add(new Violation(
                        row,
                        "of " + changes.size() + " committed changes, " + lost.size()
                                + " never arrived, the first being "
                                + lost.first() + "; the newest that arrived is "
                                + (met.isEmpty() ? coveredUpTo.getOrDefault(row, 0L) : met.last())));
            }
        });
        return violations;
    }
}
