package io.tidemark.positions.position;

import java.util.List;

/**
 * How all stores stand. Immutable.
 *
 * @param stores each store, by name
 * @param percent healthy stores of all, 0 to 100; 100 when there is no store
 * @param recommendations what a person should do, the most pressing first; empty when there is nothing
 */
public record Health(List<StoreHealth> stores, int percent, List<String> recommendations) {

    /** Below this percentage the page and the alert speak up. */
    public static final int ALERT_BELOW = 80;

    public Health {
        stores = List.copyOf(stores);
        recommendations = List.copyOf(recommendations);
    }

    /** How many stores have that badge. */
    public long count(Badge badge) {
        return stores.stream().filter(store -> store.badge() == badge).count();
    }

    /** How many stores are healthy. */
    public long healthy() {
        return count(Badge.HEALTHY);
    }

    /** How many stores need attention. */
    public long needingAttention() {
        return stores.size() - healthy();
    }

    /** Whether the figure is below the line. */
    public boolean alert() {
        return percent < ALERT_BELOW;
    }

    /** Whether any store's position was lost from Redis. */
    public boolean hasLoss() {
        return stores.stream().anyMatch(store -> store.badge().isLoss());
    }
}
