package io.tidemark.positions.position;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Judges what Redis holds of each store against what every other layer knows. Pure. */
public final class HealthAssessment {
    private static final int NAMES_SHOWN = 5;

    private HealthAssessment() {}

    /**
     * The health of all stores.
     *
     * @param stores every store there is
     * @param inRedis what Redis holds
     * @param elsewhere the farthest that the other layers know
     */
    public static Health of(
            Collection<StoreId> stores, Map<StoreId, Position> inRedis, Map<StoreId, Position> elsewhere) {
        List<StoreHealth> judged = stores.stream()
                .sorted()
                .map(store -> judge(
                        store, Optional.ofNullable(inRedis.get(store)), Optional.ofNullable(elsewhere.get(store))))
                .toList();
        long healthy =
                judged.stream().filter(store -> store.badge() == Badge.HEALTHY).count();
        int percent = judged.isEmpty() ? 100 : (int) (100 * healthy / judged.size());
        return new Health(judged, percent, recommendations(judged));
    }

    /** The health of one store. */
    public static StoreHealth judge(StoreId store, Optional<Position> redis, Optional<Position> elsewhere) {
        Optional<Position> farthest = redis.isPresent() && elsewhere.isPresent()
                ? Optional.of(Monotonic.farther(redis.get(), elsewhere.get()))
                : redis.or(() -> elsewhere);
        if (redis.isEmpty()) {
            return new StoreHealth(store, Badge.MISSING, redis, farthest, missing(farthest));
        }
        Position held = redis.get();
        if (isBehind(held, farthest.orElseThrow())) {
            return new StoreHealth(store, Badge.RESET, redis, farthest, reset(held, farthest.orElseThrow()));
        }
        if (held.certainty() == Certainty.CALCULATED && !held.isStart()) {
            return new StoreHealth(
                    store,
                    Badge.CALCULATED,
                    redis,
                    farthest,
                    "worked out from the database; the next sync searches for the true page");
        }
        return new StoreHealth(store, Badge.HEALTHY, redis, farthest, held.isStart() ? "never synced" : "in step");
    }

    /** Behind in generation or in orders: a page that differs for the same last order is no loss. */
    private static boolean isBehind(Position held, Position farthest) {
        return held.generation() < farthest.generation()
                || (held.generation() == farthest.generation() && held.lastId() < farthest.lastId());
    }

    private static String missing(Optional<Position> farthest) {
        return farthest.map(known -> "not in Redis; the " + known.layer().label() + " knows page " + known.page()
                        + ", last order " + known.lastId() + ": restore it")
                .orElse("not in Redis, and no layer that could be asked knows it: recover it");
    }

    private static String reset(Position held, Position farthest) {
        return "Redis says page " + held.page() + ", last order " + held.lastId() + ", but the "
                + farthest.layer().label() + " knows page " + farthest.page() + ", last order " + farthest.lastId()
                + ": restore it";
    }

    private static List<String> recommendations(List<StoreHealth> stores) {
        List<String> recommendations = new ArrayList<>();
        recommend(
                recommendations,
                stores,
                Badge.MISSING,
                "lost from Redis: restore their positions before the next sync");
        recommend(recommendations, stores, Badge.RESET, "behind what other layers know: restore their positions");
        recommend(
                recommendations,
                stores,
                Badge.CALCULATED,
                "calculated from the database: sync them now, so that the API confirms the page");
        return recommendations;
    }

    private static void recommend(List<String> into, List<StoreHealth> stores, Badge badge, String what) {
        List<String> names = stores.stream()
                .filter(store -> store.badge() == badge)
                .map(store -> store.store().name())
                .toList();
        if (!names.isEmpty()) {
            String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
            String more = names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "";
            into.add(shown + more + ": " + what);
        }
    }
}
