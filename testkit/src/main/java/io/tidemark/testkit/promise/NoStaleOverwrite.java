package io.tidemark.testkit.promise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reader sees of an entry never goes back: not to an older version, and not from deleted to what was there
 * before. It may begin anew only with a new life of the data set.
 *
 * @param <V> what orders the states of an entry: the version, or a number the writer keeps in the row
 */
public final class NoStaleOverwrite<V extends Comparable<? super V>> implements Promise {

    private final Map<Place, Seen<V>> newest = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    /** A key in one life (incarnation) of the data set. */
    private record Place(String key, String life) {}

    private record Seen<V>(V version, boolean present, String when) {}

    /**
     * A reader saw an entry, or saw that it was deleted at a version; called in the order of the reads of a key.
     *
     * @param life which life of the data set was read; any text that changes when the data set was emptied
     * @param present whether there was a value; false for a fence that tells of a deletion
     * @param when for the evidence: a time, or the number of the read
     */
    public synchronized void seen(String key, String life, V version, boolean present, String when) {
        Place place = new Place(key, life);
        Seen<V> now = new Seen<>(version, present, when);
        Seen<V> before = newest.get(place);
        if (before == null) {
            newest.put(place, now);
            return;
        }
        int order = version.compareTo(before.version);
        if (order < 0) {
            violations.add(new Violation(
                    key,
                    "went back to " + version + " at " + when + ", after " + before.version + " at " + before.when));
        } else if (order == 0 && present && !before.present) {
            violations.add(new Violation(
                    key,
                    "is there again at " + when + " with version " + version + ", at which it was deleted at "
                            + before.when));
        } else {
            newest.put(place, now);
        }
    }

    @Override
    public String statement() {
        return "An entry never goes back to an older state, and a delete is never undone by a late write.";
    }

    @Override
    public synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }
}
