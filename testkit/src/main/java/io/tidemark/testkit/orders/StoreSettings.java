package io.tidemark.testkit.orders;

/**
 * One store of the simulated API.
 *
 * @param name as in NATUR
 * @param lastOrder the highest order id at the start, 0 for an empty store
 * @param gapsPerThousand how many of a thousand ids were never given to an order, 0 to 999
 */
public record StoreSettings(String name, int lastOrder, int gapsPerThousand) {

    public StoreSettings {
        if (!name.matches("[A-Za-z0-9_-]{1,64}") || lastOrder < 0 || gapsPerThousand < 0 || gapsPerThousand > 999) {
            throw new IllegalArgumentException("expected a name of letters and digits, a last order of 0 or more and 0"
                    + " to 999 gaps in a thousand ids, found " + name + ", " + lastOrder + ", " + gapsPerThousand);
        }
    }

    /**
     * Reads {@code NATUR=181601} or {@code NATUR=181601/250}, the second number being the gaps per thousand, 2 without.
     */
    public static StoreSettings parse(String text) {
        String[] parts = text.split("[=/]");
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("expected a store as NAME=LAST or NAME=LAST/GAPS, found " + text);
        }
        return new StoreSettings(
                parts[0], Integer.parseInt(parts[1]), parts.length == 3 ? Integer.parseInt(parts[2]) : 2);
    }
}
