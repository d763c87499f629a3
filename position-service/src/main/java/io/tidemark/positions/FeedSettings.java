package io.tidemark.positions;

import io.tidemark.positions.budget.CallLimit;
import io.tidemark.positions.feed.FeedAddress;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.StoreSync.Overlap;
import io.tidemark.positions.sync.Syncs.Rhythm;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the environment says of the order feed. Immutable.
 *
 * @param environment the environment's variables, where the tokens are
 * @param address where the API is
 * @param stores every store to be synced
 * @param takenElsewhere the last order of a store that another program took in before, for stores that begin here
 * @param limits how many calls a store's token may make, the narrowest first
 * @param timeout how long an answer may take
 * @param overlap how much is read again for late edits
 * @param rhythm when what is done
 */
public record FeedSettings(
        Map<String, String> environment,
        FeedAddress address,
        List<StoreId> stores,
        Map<StoreId, Long> takenElsewhere,
        List<CallLimit> limits,
        Duration timeout,
        Overlap overlap,
        Rhythm rhythm) {
    /** The variable that names the API's address; without it there is no feed. */
    public static final String URL_VARIABLE = "TIDEMARK_FEED_URL";

    private static final String STORES = "TIDEMARK_FEED_STORES";
    private static final String BEGIN = "TIDEMARK_FEED_BEGIN_AFTER_";
    private static final String LIMITS = "TIDEMARK_FEED_LIMITS";
    private static final String REAL_LIMITS = "5/s,50/min,1000/h,10000/day";

    public FeedSettings {
        environment = Map.copyOf(environment);
        stores = List.copyOf(stores);
        takenElsewhere = Map.copyOf(takenElsewhere);
        limits = List.copyOf(limits);
    }

    /**
     * What the environment says; empty without an address.
     *
     * @throws IllegalArgumentException when a variable cannot be understood, with its name
     */
    public static Optional<FeedSettings> of(Map<String, String> environment) {
        String url = environment.get(URL_VARIABLE);
        if (url == null || url.isBlank()) {
            return Optional.empty();
        }
        List<StoreId> stores = named(STORES, () -> stores(environment.getOrDefault(STORES, "")));
        return Optional.of(new FeedSettings(
                environment,
                named(URL_VARIABLE, () -> new FeedAddress(url)),
                stores,
                takenElsewhere(environment, stores),
                named(LIMITS, () -> CallLimit.parse(environment.getOrDefault(LIMITS, REAL_LIMITS))),
                seconds(environment, "TIMEOUT", 20, 1, 60),
                new Overlap(
                        number(environment, "OVERLAP_PAGES", 1, 0, 100), number(environment, "SWEEP_PAGES", 1, 0, 100)),
                new Rhythm(
                        number(environment, "PARALLEL", 4, 1, 64),
                        seconds(environment, "EVERY", 60, 1, 86_400),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10))));
    }

    private static List<StoreId> stores(String text) {
        List<StoreId> stores = Stream.of(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(StoreId::new)
                .distinct()
                .toList();
        if (stores.isEmpty()) {
            throw new IllegalArgumentException("expected the stores' names, as in NATUR,PURNA, found none");
        }
        return stores;
    }

    private static Map<StoreId, Long> takenElsewhere(Map<String, String> environment, List<StoreId> stores) {
        Map<StoreId, Long> taken = new HashMap<>();
        for (StoreId store : stores) {
            String variable = BEGIN + store.name().toUpperCase(Locale.ROOT).replace('-', '_');
            String text = environment.getOrDefault(variable, "").strip();
            if (text.matches("[1-9]\\d{0,17}")) {
                taken.put(store, Long.parseLong(text));
            } else if (!text.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected " + variable + " to be the id of an order, 1 and up, found \"" + text + "\"");
            }
        }
        return taken;
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T named(String variable, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }

    private static Duration seconds(Map<String, String> environment, String name, int usual, int least, int most) {
        return Duration.ofSeconds(number(environment, name + "_SECONDS", usual, least, most));
    }

    private static int number(Map<String, String> environment, String name, int usual, int least, int most) {
        String text = environment.get("TIDEMARK_FEED_" + name);
        if (text == null || text.isBlank()) {
            return usual;
        }
        if (text.strip().matches("\\d{1,9}")) {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException("expected TIDEMARK_FEED_" + name + " to be a number from " + least + " to "
                + most + ", found \"" + text + "\"");
    }
}
