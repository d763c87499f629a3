package io.tidemark.positions.sync;

import io.tidemark.positions.feed.Order;
import io.tidemark.positions.feed.OrderPage;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.RewoundFrom;
import io.tidemark.positions.position.StoreId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a store was taken in, as its row beside the orders says. Immutable.
 *
 * @param generation how often a person has rewound the store
 * @param revision how often the page was corrected by the API since the last order was taken in
 * @param page the page that holds the last order
 * @param cursor the API's mark from which reading goes on, at or before the last order
 * @param firstId first order of the page; 0 when nothing was taken in
 * @param lastId last order taken in; every order before it was taken in too
 * @param taken orders of the feed up to the last one, as far as known
 * @param reachedAt when
 */
public record Progress(
        StoreId store,
        long generation,
        int revision,
        long page,
        Optional<String> cursor,
        long firstId,
        long lastId,
        long taken,
        Instant reachedAt) {

    /** From a position that the layers tell; where on its page its last order stands is not known: at its end. */
    static Progress from(Position position, int perPage) {
        return new Progress(
                position.store(),
                position.generation(),
                position.revision(),
                position.page(),
                position.cursor(),
                position.firstId(),
                position.lastId(),
                position.isStart() ? 0 : position.page() * perPage,
                position.asOf());
    }

    /** The position this is. */
    Position position(Optional<RewoundFrom> rewoundFrom) {
        return new Position(
                store,
                generation,
                revision,
                page,
                cursor,
                firstId,
                lastId,
                Layer.REDIS,
                reachedAt,
                Certainty.RECORDED,
                generation == 0 ? Optional.empty() : rewoundFrom);
    }

    /** After a page that was asked for by its number. */
    Progress afterNumbered(long number, OrderPage shown, int perPage, Instant now) {
        if (shown.isEmpty()) {
            return this;
        }
        if (shown.lastId() < lastId) {
            // The last order is gone and nothing newer is there yet: the place stays, the API's mark is taken over.
            return new Progress(
                    store, generation, revision, page, shown.nextCursor(), firstId, lastId, taken, reachedAt);
        }
        boolean moved = shown.lastId() > lastId;
        boolean corrected = !moved && number != page;
        return new Progress(
                store,
                generation,
                moved ? 0 : corrected ? revision + 1 : revision,
                number,
                shown.nextCursor(),
                shown.firstId(),
                shown.lastId(),
                (number - 1) * perPage + shown.orders().size(),
                moved || corrected ? now : reachedAt);
    }

    /** After a page that was read onwards from a mark. */
    Progress afterCursor(String used, OrderPage shown, int perPage, Instant now) {
        List<Order> fresh =
                shown.orders().stream().filter(order -> order.id() > lastId).toList();
        String mark = shown.nextCursor().orElse(used);
        if (fresh.isEmpty()) {
            return new Progress(
                    store, generation, revision, page, Optional.of(mark), firstId, lastId, taken, reachedAt);
        }
        long nowTaken = taken + fresh.size();
        long nowPage = (nowTaken - 1) / perPage + 1;
        long beginsAt = (nowPage - 1) * perPage - taken;
        long nowFirst = beginsAt >= 0
                ? fresh.get((int) beginsAt).id()
                : firstId == 0 ? fresh.get(0).id() : firstId;
        return new Progress(
                store,
                generation,
                0,
                nowPage,
                Optional.of(mark),
                nowFirst,
                fresh.get(fresh.size() - 1).id(),
                nowTaken,
                now);
    }
}
