package io.tidemark.testkit.orders;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * What a simulator is to be.
 *
 * @param port 0 for any that is free
 * @param stores the stores it has
 * @param seed from which everything random comes
 * @param limits how many calls each store's token may make
 */
public record SimulatorSettings(int port, List<StoreSettings> stores, long seed, List<CallLimit> limits) {

    /** The five stores of the demo; NATUR's last order is 181601. */
    public static final List<StoreSettings> FIVE_STORES = List.of(
            new StoreSettings("NATUR", 181_601, 2),
            new StoreSettings("PURNA", 64_212, 2),
            new StoreSettings("DILST", 120_377, 2),
            new StoreSettings("MGSTR", 9_954, 2),
            new StoreSettings("JWLR", 38_040, 2));

    public SimulatorSettings {
        stores = List.copyOf(stores);
        limits = List.copyOf(limits);
    }

    /** On any free port, with these stores and the real limits. */
    public static SimulatorSettings of(StoreSettings... stores) {
        return new SimulatorSettings(0, List.of(stores), 1, CallLimit.real());
    }

    /** The same with every limit that many times as high. */
    public SimulatorSettings withLimitsTimes(int factor) {
        return withLimits(limits.stream().map(limit -> limit.times(factor)).toList());
    }

    public SimulatorSettings withLimits(List<CallLimit> other) {
        return new SimulatorSettings(port, stores, seed, other);
    }

    /** The bearer token of a store: random in looks, the same for the same seed. */
    public String token(String store) {
        return UUID.nameUUIDFromBytes((seed + "/" + store).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
