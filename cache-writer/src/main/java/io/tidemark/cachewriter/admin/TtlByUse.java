package io.tidemark.cachewriter.admin;

/**
 * Says by how much an entry is asked for whether it is to live longer or shorter. Pure.
 *
 * <p>It never says anything that would have an entry live shorter than the least or longer than the most.
 *
 * @param leastMillis what an entry lives that nobody asks for
 * @param mostMillis what an entry lives that is asked for most
 * @param average how often the entries were asked for on average, of those that were asked for at all; 0 for none
 * @param lengthens whether a longer life is worth its memory: there is room, and readers miss what they ask for
 */
record TtlByUse(long leastMillis, long mostMillis, double average, boolean lengthens) {

    /** Within so much of the most there is nothing to gain. */
    private static final double NEARLY = 0.9;

    /** What is to become of an entry's life. */
    enum Wish {
        LONGER,
        SHORTER,
        AS_IT_IS
    }

    /**
     * Judges one entry.
     *
     * @param asked how often it was asked for, as clients count it
     * @param idleMillis for how long nobody read its value, plain readers included
     * @param leftMillis how long it lives on; -1 for ever, -2 when it is not there
     */
    Wish wish(double asked, long idleMillis, long leftMillis) {
        if (leftMillis <= 0) {
            return Wish.AS_IT_IS;
        }
        if (lengthens && asked > 0 && asked >= average && leftMillis < NEARLY * mostMillis) {
            return Wish.LONGER;
        }
        if (asked == 0 && idleMillis >= leastMillis && leftMillis > leastMillis) {
            return Wish.SHORTER;
        }
        return Wish.AS_IT_IS;
    }
}
