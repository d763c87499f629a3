package io.tidemark.cachewriter.redis;

import io.tidemark.core.contract.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One order of the steps of two fillers, one writer and one mishap. The promise: once a bump is answered, no reader of the
 * contract is given what was read before the write that it speaks of; and afterwards the entry can be filled again.
 */
final class Interleaving {
    static final String KEY = "list:3";
    private static final String OTHER_KEY = "list:4";
    static final String TAG = "category:3";

    /** What may be lost between two steps. */
    enum Mishap {
        NOTHING(),
        COUNTER(new Tag(TAG).counterKey()),
        BUMPS(Tag.BUMPS),
        META("tm:{" + KEY + "}"),
        VALUE(KEY),
        NAMES(Tag.BUMPS + ":tags"),
        EVERYTHING();

        private final String[] keys;

        Mishap(String... keys) {
            this.keys = keys;
        }
    }

    private final ContractRedis redis;
    private final String order;
    private final Mishap mishap;
    private final Filler[] fillers = {new Filler("a", KEY), new Filler("b", KEY), new Filler("c", OTHER_KEY)};
    private int database;
    private int bumped;
    private int writerStep;
    private String staleFill;

    /** @param order a letter for each step: a and b fill the entry, c another with the tag; w writes and bumps; x is the mishap */
    Interleaving(ContractRedis redis, String order, Mishap mishap) {
        this.redis = redis;
        this.order = order;
        this.mishap = mishap;
    }

    /** Runs it; what broke the promise, or null. */
    String run() throws IOException {
        redis.plain().call("FLUSHALL");
        for (int i = 0; i < order.length(); i++) {
            step(order.charAt(i));
            if (staleFill != null) {
                return order + " " + mishap + " step " + i + ": " + staleFill + ", for plain readers to see";
            }
            for (String key : List.of(KEY, OTHER_KEY)) {
                String read = redis.read(key);
                if (read != null && Integer.parseInt(read) < bumped) {
                    return order + " " + mishap + " step " + i + ": read " + read + " after " + bumped;
                }
            }
        }
        return endsWell();
    }

    /** Whoever still has a lease lets it end; then at most one refusal, which makes what was forgotten known again. */
    private String endsWell() throws IOException {
        redis.call("tm_invalidate", KEY);
        for (int tries = 0; tries < 2; tries++) {
            redis.ask(KEY, "z", 5_000);
            redis.keep(KEY, "z", TAG, Integer.toString(database));
        }
        String read = redis.read(KEY);
        return Integer.toString(database).equals(read)
                ? null
                : order + " " + mishap + ": not filled at the end: " + read;
    }

    private void step(char who) throws IOException {
        switch (who) {
            case 'w' -> {
                if (writerStep++ % 2 == 0) {
                    database++;
                } else {
                    redis.bump(TAG);
                    bumped = database;
                }
            }
            case 'x' -> {
                if (mishap == Mishap.EVERYTHING) {
                    redis.plain().call("FLUSHALL");
                } else {
                    for (String key : mishap.keys) {
                        redis.plain().call("DEL", key);
                    }
                }
            }
            default -> fillers[who - 'a'].step();
        }
    }

    private final class Filler {
        private final String token;
        private final String key;
        private int step;
        private boolean granted;
        private String read = "";

        Filler(String token, String key) {
            this.token = token;
            this.key = key;
        }

        void step() throws IOException {
            switch (step++ % 3) {
                case 0 -> granted = redis.ask(key, token, 60_000).get(0).equals("granted");
                case 1 -> read = Integer.toString(database);
                default -> {
                    if (granted
                            && redis.keep(key, token, TAG, read).equals("filled")
                            && Integer.parseInt(read) < bumped) {
                        staleFill = "filled " + read + " after " + bumped;
                    }
                }
            }
        }
    }

    /** Every order in which the letters can stand. */
    static List<String> orders(String letters) {
        List<String> orders = new ArrayList<>();
        permute(
                letters.chars().sorted().mapToObj(c -> String.valueOf((char) c)).reduce("", String::concat),
                "",
                orders);
        return orders;
    }

    private static void permute(String left, String order, List<String> orders) {
        if (left.isEmpty()) {
            orders.add(order);
        }
        for (int i = 0; i < left.length(); i++) {
            if (i == 0 || left.charAt(i) != left.charAt(i - 1)) {
                permute(left.substring(0, i) + left.substring(i + 1), order + left.charAt(i), orders);
            }
        }
    }

    /** A random order of the letters. */
    static String order(Random random, String letters) {
        StringBuilder left = new StringBuilder(letters);
        StringBuilder order = new StringBuilder();
        while (!left.isEmpty()) {
            int at = random.nextInt(left.length());
            order.append(left.charAt(at));
            left.deleteCharAt(at);
        }
        return order.toString();
    }
}
