package io.tidemark.positions.sync;

import io.tidemark.positions.feed.Order;
import io.tidemark.positions.feed.OrderPage;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A page that was looked at and does not hold the order sought: how ids lie at its edge towards that order, and where
 * the order stands if they go on like that. Immutable.
 *
 * @param page the page's number
 * @param rank how many orders stand up to and with the one at the edge
 * @param id the id at the edge
 * @param gap from one id to the next there, without the odd wide one
 */
record Sight(long page, long rank, long id, double gap) {

    /** A page that ends before the order sought. */
    static Sight before(long page, OrderPage shown, int perPage) {
        List<Order> orders = shown.orders();
        return new Sight(
                page,
                (page - 1) * perPage + orders.size(),
                shown.lastId(),
                gap(orders.subList(orders.size() / 2, orders.size())));
    }

    /** A page that begins after the order sought. */
    static Sight after(long page, OrderPage shown, int perPage) {
        List<Order> orders = shown.orders();
        return new Sight(
                page, (page - 1) * perPage + 1, shown.firstId(), gap(orders.subList(0, (orders.size() + 1) / 2)));
    }

    /** On which page that id stands if gaps go on as they are here, growing if they have grown so far. */
    long pageOf(long sought, int perPage) {
        double growth = gap * rank / id;
        double soughtRank = growth > 1 ? rank * Math.pow((double) sought / id, 1 / growth) : rank + (sought - id) / gap;
        return (long) Math.ceil(soughtRank / perPage);
    }

    /** On which page that id stands if gaps are everywhere what they are on average up to here. */
    long pageOnAverage(long sought, int perPage) {
        return (long) Math.ceil((double) sought / id * rank / perPage);
    }

    private static double gap(List<Order> orders) {
        if (orders.size() < 2) {
            return 1;
        }
        long[] gaps = LongStream.range(1, orders.size())
                .map(i -> orders.get((int) i).id() - orders.get((int) i - 1).id())
                .sorted()
                .toArray();
        int odd = gaps.length / 4;
        return LongStream.of(gaps)
                .skip(odd)
                .limit(gaps.length - 2L * odd)
                .average()
                .orElse(1);
    }
}
