package io.tidemark.client.redis;

import io.tidemark.client.Stamp;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * One order of the steps that fillers, writers and a reader take from slot to slot of a Redis Cluster, and of a mishap. The promise: once
 * a bump is whole, no reader of the contract that begins then is given what was read before the write that it speaks of; and
 * afterwards the entry can be filled again.
 */
final class ClusterInterleaving {
    private static final String KEY = "list:3";
    private static final String OTHER_KEY = "list:4";
    private static final Tag TAG = new Tag("category:3");
    private static final int FILL_STEPS = 9;

    /** What may be lost between two steps. */
    enum Mishap {
        NOTHING,
        COUNTER,
        BUMPS,
        META,
        MASTER_OF_COUNTER,
        MASTER_OF_BUMPS
    }

    /** What is done otherwise than it should be, to see that it is found. */
    enum Bug {
        NONE,
        READ_BEFORE_MARK,
        SINCE_BEFORE_JOIN,
        BUMPED_WITHOUT_SECOND_HALF,
        SETTLED_AT_THE_STAMP
    }

    private final RoutedRedis redis;
    private final String order;
    private final Mishap mishap;
    private final Bug bug;
    private final Filler[] fillers = {new Filler("a", KEY), new Filler("b", KEY), new Filler("c", OTHER_KEY)};
    private final Writer[] writers = {new Writer(), new Writer()};
    private final Reader reader = new Reader();
    private int database;
    private int bumped;
    private String problem;

    /** @param order a letter for each step: a, b, c fill, v and w write and bump, r reads, x is the mishap */
    ClusterInterleaving(RoutedRedis redis, String order, Mishap mishap, Bug bug) {
        this.redis = redis;
        this.order = order;
        this.mishap = mishap;
        this.bug = bug;
    }

    /** Runs it; what broke the promise, or null. */
    String run() throws IOException {
        redis.onEach("FLUSHALL");
        for (int i = 0; i < order.length() && problem == null; i++) {
            step(order.charAt(i));
            Reader now = new Reader();
            now.begin(KEY);
            now.end();
            now.begin(OTHER_KEY);
            now.end();
            if (problem != null) {
                return order + " " + mishap + " step " + i + ": " + problem;
            }
        }
        return endsWell();
    }

    private String endsWell() throws IOException {
        redis.entry(FunctionLibrary.INVALIDATE, KEY);
        for (int tries = 0; tries < 2; tries++) {
            Filler last = new Filler("z" + tries, KEY);
            for (int i = 0; i < FILL_STEPS; i++) {
                last.step();
            }
        }
        Reader now = new Reader();
        now.begin(KEY);
        String read = now.end();
        return Integer.toString(database).equals(read)
                ? null
                : order + " " + mishap + ": not filled at the end: " + read + " for " + database;
    }

    private void step(char who) throws IOException {
        switch (who) {
            case 'v', 'w' -> writers[who - 'v'].step();
            case 'r' -> reader.step();
            case 'x' -> suffer();
            default -> fillers[who - 'a'].step();
        }
    }

    private void suffer() throws IOException {
        switch (mishap) {
            case NOTHING -> {}
            case COUNTER -> redis.call(TAG.counterKey(), "DEL", TAG.counterKey());
            case BUMPS -> redis.call(Tag.BUMPS, "DEL", Tag.BUMPS);
            case META -> redis.call(KEY, "DEL", "tm:{" + KEY + "}");
            case MASTER_OF_COUNTER -> redis.call(TAG.counterKey(), "FLUSHALL");
            case MASTER_OF_BUMPS -> redis.call(Tag.BUMPS, "FLUSHALL");
        }
    }

    /** What {@link ClusterContract} does, a slot at a time. */
    private final class Filler {
        private final String token;
        private final String key;
        private int step;
        private int round;
        private String mark = "";
        private boolean goesOn;
        private String read = "";
        private List<?> plan = List.of();
        private List<?> since = List.of();
        private boolean making;

        Filler(String token, String key) {
            this.token = token;
            this.key = key;
        }

        void step() throws IOException {
            int number = step++ % FILL_STEPS;
            switch (number) {
                case 0 -> {
                    round++;
                    goesOn = true;
                    read = Integer.toString(database);
                }
                case 1 -> mark = mark();
                case 2 -> lease();
                case 3 -> read = bug == Bug.READ_BEFORE_MARK ? read : Integer.toString(database);
                default -> {
                    if (goesOn) {
                        goOn(number);
                    }
                }
            }
        }

        private String mark() throws IOException {
            return (String) redis.at(FunctionLibrary.MARK, Tag.BUMPS);
        }

        private void lease() throws IOException {
            String stale = "";
            for (int tries = 0; tries < 2; tries++) {
                List<?> answer = (List<?>) redis.entry(FunctionLibrary.LEASE, key, token + round, "60000", mark, stale);
                goesOn = answer.get(0).equals("granted");
                if (!answer.get(0).equals("hit") || answer.size() < 5) {
                    return;
                }
                stale = (String) ((List<?>) answer.get(4)).get(0);
                if (Reader.covers(stale, counter())) {
                    return;
                }
            }
        }

        private void goOn(int number) throws IOException {
            switch (number) {
                case 4 -> {
                    plan = (List<?>) redis.entry(FunctionLibrary.FILLING, key, token + round, "60000", "0", "0");
                    goesOn = plan != null;
                    if (goesOn && bug == Bug.SINCE_BEFORE_JOIN) {
                        since = (List<?>) redis.at(FunctionLibrary.SINCE, Tag.BUMPS, TAG.name());
                    }
                }
                case 5 -> {
                    String answer = (String) redis.at(
                            FunctionLibrary.JOIN,
                            TAG.counterKey(),
                            TAG.name(),
                            (String) plan.get(0),
                            (String) plan.get(1),
                            token + round,
                            (String) plan.get(3),
                            (String) plan.get(4),
                            key);
                    goesOn = !answer.equals("bumped");
                    making = answer.equals("making");
                }
                case 6 -> {
                    if (making && bug != Bug.SINCE_BEFORE_JOIN) {
                        since = (List<?>) redis.at(FunctionLibrary.SINCE, Tag.BUMPS, TAG.name());
                    }
                }
                case 7 -> {
                    if (making) {
                        settle();
                    }
                }
                default -> {
                    redis.entry(
                            FunctionLibrary.FILL,
                            key,
                            token + round,
                            "60000",
                            "0",
                            "0",
                            TAG.name(),
                            "value",
                            read,
                            "joined",
                            (String) plan.get(2));
                    goesOn = false;
                }
            }
        }

        private void settle() throws IOException {
            Stamp last = new Stamp((String) since.get(0), (Long) since.get(1));
            Stamp leased = Stamp.parse((String) plan.get(0)).orElseThrow();
            String at = bug == Bug.SETTLED_AT_THE_STAMP ? (String) plan.get(0) : last.life() + ":" + last.number();
            Object settled = redis.at(FunctionLibrary.SETTLE, TAG.counterKey(), token + round, at, "60000");
            goesOn = settled.equals(1L) && (leased.covers(last) || bug == Bug.SETTLED_AT_THE_STAMP);
            if (!goesOn) {
                redis.entry(FunctionLibrary.RELEASE, key, token + round);
            }
        }
    }

    /** A write to the database, then the two halves of its bump. */
    private final class Writer {
        private int step;
        private int written;
        private List<?> first = List.of();

        void step() throws IOException {
            switch (step++ % 3) {
                case 0 -> written = ++database;
                case 1 -> {
                    first = (List<?>) redis.at(FunctionLibrary.BUMP, Tag.BUMPS, TAG.name());
                    if (bug == Bug.BUMPED_WITHOUT_SECOND_HALF) {
                        bumped = Math.max(bumped, written);
                    }
                }
                default -> {
                    redis.at(FunctionLibrary.BUMP_TAG, TAG.counterKey(), (String) first.get(0), TAG.name());
                    bumped = Math.max(bumped, written);
                }
            }
        }
    }

    private String counter() throws IOException {
        return (String) redis.call(TAG.counterKey(), "GET", TAG.counterKey());
    }

    /** A reading in two steps: the entry, then the counter. */
    private final class Reader {
        private int step;
        private int bumpedBefore;
        private List<?> entry;

        void step() throws IOException {
            if (step++ % 2 == 0) {
                begin(KEY);
            } else {
                end();
            }
        }

        void begin(String key) throws IOException {
            bumpedBefore = bumped;
            entry = (List<?>) redis.entry(FunctionLibrary.GET, key);
        }

        /** What was read, where it is right. */
        String end() throws IOException {
            if (entry == null) {
                return null;
            }
            List<?> elsewhere = (List<?>) entry.get(3);
            if (!covers((String) elsewhere.get(0), counter())) {
                return null;
            }
            String read = (String) entry.get(0);
            if (Integer.parseInt(read) < bumpedBefore) {
                problem = "read " + read + " after " + bumpedBefore;
            }
            return read;
        }

        static boolean covers(String stamp, String counter) {
            return counter != null
                    && Stamp.parse(counter)
                            .filter(Stamp.parse(stamp).orElseThrow()::covers)
                            .isPresent();
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
