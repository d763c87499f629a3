package io.tidemark.testkit.orders;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The orders of one store, and what happens to them. Thread-safe. */
public final class SimulatedStore {
    private static final Instant FIRST_ORDER_AT = Instant.parse("2021-01-01T00:00:00Z");

    private record Edit(int revision, Instant at) {}

    /** One order as it stands: what a sync must end up with. */
    public record Truth(int id, String reference, String state, Instant updatedAt) {}

    private final StoreSettings settings;
    private final OrderContent content;
    private final Random random;
    private final OrderIds ids = new OrderIds();
    private final Map<Integer, Edit> edits = new HashMap<>();
    private final Map<Integer, Instant> createdLately = new HashMap<>();
    private int lastGiven;

    SimulatedStore(StoreSettings settings, long seed) {
        this.settings = settings;
        this.content = new OrderContent(seed, settings.name());
        this.random = new Random(seed ^ settings.name().hashCode());
        this.lastGiven = settings.lastOrder();
        for (int id = 1; id <= settings.lastOrder(); id++) {
            if (id == settings.lastOrder() || !isGap(id)) {
                ids.add(id);
            }
        }
    }

    public String name() {
        return settings.name();
    }

    public synchronized int count() {
        return ids.count();
    }

    /** The highest id there is; 0 in an empty store. */
    public synchronized int lastId() {
        return ids.last();
    }

    /** The page, counted from 1, on which the order stands or would stand among the oldest first. */
    public synchronized int pageOf(int id, int perPage) {
        return ids.countBelow(id) / perPage + 1;
    }

    /** How many pages there are; at least 1. */
    public synchronized int pages(int perPage) {
        return Math.max(1, (ids.count() + perPage - 1) / perPage);
    }

    /** New orders come in. */
    public synchronized void add(int howMany) {
        Instant now = now();
        for (int added = 0; added < howMany; ) {
            lastGiven++;
            if (!isGap(lastGiven)) {
                ids.add(lastGiven);
                createdLately.put(lastGiven, now);
                added++;
            }
        }
    }

    /** An order that got its id long before it could be seen, as a slow transaction's: a gap is filled late. */
    public synchronized boolean fillGapAtOrBelow(int highest) {
        for (int id = Math.min(highest, lastGiven); id > 0; id--) {
            if (!ids.contains(id)) {
                ids.add(id);
                createdLately.put(id, now());
                return true;
            }
        }
        return false;
    }

    /** Deletes some orders with ids in that range, at random from the seed; pages after them move. */
    public synchronized int delete(int howMany, int from, int to) {
        int deleted = 0;
        for (int id : some(howMany, from, to)) {
            deleted += ids.remove(id) ? 1 : 0;
        }
        return deleted;
    }

    /** Deletes that one. */
    public synchronized boolean delete(int id) {
        return ids.remove(id);
    }

    /** Edits some orders with ids in that range, at random from the seed. */
    public synchronized int edit(int howMany, int from, int to) {
        List<Integer> chosen = some(howMany, from, to);
        chosen.forEach(this::edit);
        return chosen.size();
    }

    /** Another state and a later updated_at. */
    public synchronized void edit(int id) {
        if (ids.contains(id)) {
            Instant before = updatedAt(id);
            Instant at = now().isAfter(before) ? now() : before.plusSeconds(1);
            edits.put(id, new Edit(revision(id) + 1, at));
        }
    }

    /** What stands on a page, in the order asked for. */
    synchronized List<ObjectNode> page(long page, int perPage, boolean newestFirst) {
        List<ObjectNode> found = new ArrayList<>(perPage);
        long begin = (page - 1) * perPage;
        for (long place = begin; place < Math.min(begin + perPage, ids.count()); place++) {
            found.add(order(ids.at((int) (newestFirst ? ids.count() - 1 - place : place))));
        }
        return found;
    }

    /** What stands from that id on, itself included, in the order asked for. */
    synchronized List<ObjectNode> from(int id, int limit, boolean newestFirst) {
        List<ObjectNode> found = new ArrayList<>(limit);
        for (int next : newestFirst ? ids.downFrom(id, limit) : ids.from(id, limit)) {
            found.add(order(next));
        }
        return found;
    }

    /** Every order above that id as it stands, ascending, up to a limit. */
    public synchronized List<Truth> truth(int after, int limit) {
        List<Truth> found = new ArrayList<>();
        for (int id : ids.from(after + 1, limit)) {
            found.add(new Truth(id, name() + id, content.state(id, revision(id)), updatedAt(id)));
        }
        return found;
    }

    /** The telephone number in that order, for a search of what must not hold it. */
    public String telephone(int id) {
        return content.telephone(id);
    }

    private ObjectNode order(int id) {
        return content.order(id, revision(id), createdAt(id), updatedAt(id));
    }

    private List<Integer> some(int howMany, int from, int to) {
        List<Integer> chosen = new ArrayList<>();
        int first = ids.countBelow(from);
        int range = ids.countBelow(to + 1) - first;
        for (int i = 0; i < howMany && range > 0; i++) {
            chosen.add(ids.at(first + random.nextInt(range)));
        }
        return chosen;
    }

    private boolean isGap(int id) {
        return content.number(id, 99, 1_000) < settings.gapsPerThousand();
    }

    private int revision(int id) {
        Edit edit = edits.get(id);
        return edit == null ? 0 : edit.revision();
    }

    private Instant createdAt(int id) {
        return createdLately.getOrDefault(id, FIRST_ORDER_AT.plusSeconds(id * 600L));
    }

    private Instant updatedAt(int id) {
        Edit edit = edits.get(id);
        return edit == null ? createdAt(id) : edit.at();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
