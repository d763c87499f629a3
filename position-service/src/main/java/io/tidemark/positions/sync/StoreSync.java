package io.tidemark.positions.sync;

import io.tidemark.positions.feed.OrderApi;
import io.tidemark.positions.feed.OrderApiException;
import io.tidemark.positions.feed.OrderApiException.CursorLost;
import io.tidemark.positions.feed.OrderApiException.Unreadable;
import io.tidemark.positions.feed.OrderPage;
import io.tidemark.positions.feed.PageRequest;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.RewoundFrom;
import io.tidemark.positions.position.StoreId;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one store in from where it stands to its newest order, then looks through a few older pages for late edits.
 *
 * <p>A page is read, its orders and the progress are committed together, then the position is told. Killed in between,
 * the page is read again, or the position is told again with the next page: nothing is lost and nothing counts twice.
 * Thread-safe; each run belongs to one thread.
 */
public final class StoreSync {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSync.class);

    /**
     * How much is read again for late edits.
     *
     * @param newestPages pages of the newest orders, looked through in every run
     * @param olderPages pages of older orders, another few in every run until all were looked through
     */
    public record Overlap(int newestPages, int olderPages) {}

    private final OrderApi api;
    private final PositionSource source;
    private final CheckpointSink sink;
    private final InstantSource clock;
    private final int perPage;
    private final Overlap overlap;

    public StoreSync(
            OrderApi api,
            PositionSource source,
            CheckpointSink sink,
            InstantSource clock,
            int perPage,
            Overlap overlap) {
        this.api = api;
        this.source = source;
        this.sink = sink;
        this.clock = clock;
        this.perPage = perPage;
        this.overlap = overlap;
    }

    /** What a run did. */
    public record Outcome(Saved saved, int pages, boolean reachedEnd) {}

    /**
     * Runs until the newest order is taken in, or the store is paused.
     *
     * @throws OrderApiException when the API does not let it go on; what was committed stays
     * @throws SQLException when the database does not
     */
    Outcome run(StoreId store, StoreSession session) throws OrderApiException, SQLException, InterruptedException {
        return new Run(store, session).toTheEnd();
    }

    /** A page that was shown, and how it was asked for. */
    private record Landing(PageRequest asked, OrderPage shown) {}

    private final class Run {
        private final StoreId store;
        private final StoreSession session;
        private Optional<RewoundFrom> rewoundFrom = Optional.empty();
        private Progress at;
        private Saved saved = Saved.NOTHING;
        private int pages;
        private int standstills;

        Run(StoreId store, StoreSession session) throws SQLException {
            this.store = store;
            this.session = session;
            this.at = start();
        }

        Outcome toTheEnd() throws OrderApiException, SQLException, InterruptedException {
            Landing landing = firstPage();
            boolean going = true;
            while (going) {
                takeIn(landing);
                going = !landing.shown().last() && !session.isPaused();
                if (going) {
                    landing = nextPage(landing);
                }
            }
            boolean reachedEnd = landing.shown().last();
            if (reachedEnd) {
                readAgain();
            }
            return new Outcome(saved, pages, reachedEnd);
        }

        /**
         * The database's own progress, which is as old or new as the orders in it; unless a person has rewound the store
         * since, or the database knows nothing of it.
         */
        private Progress start() throws SQLException {
            Optional<Progress> own = session.progress();
            Optional<Position> told = told(own.isPresent());
            rewoundFrom = told.flatMap(Position::rewoundFrom);
            if (told.isPresent()
                    && (own.isEmpty() || told.get().generation() > own.get().generation())) {
                LOG.info(
                        "store {}: begins at page {}, order {}, as {} tells",
                        store,
                        told.get().page(),
                        told.get().lastId(),
                        told.get().layer().label());
                if (own.isEmpty()) {
                    sayWhatIsGone(told.get());
                }
                return Progress.from(told.get(), perPage);
            }
            if (own.isPresent()
                    && told.isPresent()
                    && told.get().generation() == own.get().generation()
                    && told.get().lastId() > own.get().lastId()) {
                LOG.warn(
                        "store {}: the database's orders end at {} though {} knows order {}, as after a restore of the"
                                + " database; the orders in between are taken in again",
                        store,
                        own.get().lastId(),
                        told.get().layer().label(),
                        told.get().lastId());
            }
            return own.orElseGet(() -> Progress.from(Position.start(store, clock.instant()), perPage));
        }

        /** Orders and progress gone together: going on is right for the calls, but a person has to know. */
        private void sayWhatIsGone(Position told) throws SQLException {
            if (!told.isStart() && told.layer() != Layer.START && session.lacksEveryOrder()) {
                LOG.warn(
                        "store {}: the {} knows order {} at page {}, but the database holds no order of the store; only newer"
                                + " ones are taken in now: to have the older ones again, rewind the store to page 1",
                        store,
                        told.layer().label(),
                        told.lastId(),
                        told.page());
            }
        }

        private Optional<Position> told(boolean databaseKnows) {
            try {
                return source.beforeSync(store);
            } catch (RuntimeException e) {
                if (!databaseKnows) {
                    throw new PositionUnknownException(store, e);
                }
                LOG.warn("store {}: its position could not be recovered; the sync goes on from the database", store, e);
                return Optional.empty();
            }
        }

        private Landing firstPage() throws OrderApiException, InterruptedException {
            if (at.cursor().isPresent()) {
                try {
                    Landing landing = read(PageRequest.onwards(at.cursor().get()));
                    if (landing.shown().spans(at.lastId())
                            || (landing.shown().firstId() <= at.lastId()
                                    && landing.shown().last())) {
                        return landing;
                    }
                    LOG.info("store {}: the cursor no longer leads to order {}", store, at.lastId());
                } catch (CursorLost e) {
                    LOG.info("{}", e.getMessage());
                }
            }
            return search();
        }

        private Landing search() throws OrderApiException, InterruptedException {
            if (at.lastId() == 0) {
                return read(PageRequest.numbered(1));
            }
            PageSearch search = new PageSearch(at.lastId(), perPage, at.page());
            Landing landing = read(PageRequest.numbered(search.page()));
            while (!search.isFound(landing.shown())) {
                landing = read(PageRequest.numbered(search.page()));
            }
            LOG.info(
                    "store {}: order {} found by page {} in {} calls",
                    store,
                    at.lastId(),
                    search.page(),
                    search.looks());
            return landing;
        }

        private void takeIn(Landing landing) throws SQLException {
            OrderPage shown = landing.shown();
            Progress next = landing.asked() instanceof PageRequest.Numbered numbered
                    ? at.afterNumbered(numbered.page(), shown, perPage, clock.instant())
                    : at.afterCursor(((PageRequest.From) landing.asked()).cursor(), shown, perPage, clock.instant());
            saved = saved.plus(session.save(shown.orders(), next));
            if (shown.oddOrders() > 0) {
                LOG.warn(
                        "store {}: {} orders of {} had fields that could not be understood, which are left empty",
                        store,
                        shown.oddOrders(),
                        landing.asked().label());
            }
            boolean moved = next.lastId() > at.lastId();
            at = next;
            standstills = moved ? 0 : standstills + 1;
            checkpoint();
        }

        private void checkpoint() {
            try {
                sink.checkpoint(at.position(rewoundFrom));
            } catch (RuntimeException e) {
                LOG.warn(
                        "store {}: the checkpoint of order {} was not kept; it is in the database, and told again with"
                                + " the next page",
                        store,
                        at.lastId(),
                        e);
            }
        }

        private Landing nextPage(Landing landing) throws OrderApiException, InterruptedException {
            if (standstills > 3) {
                throw new Unreadable(
                        store,
                        "the API repeats its pages: expected orders after " + at.lastId() + ", found the same ones "
                                + standstills + " times");
            }
            Optional<String> cursor = landing.shown().nextCursor();
            if (standstills < 2 && cursor.isPresent()) {
                try {
                    return read(PageRequest.onwards(cursor.get()));
                } catch (CursorLost e) {
                    LOG.info("{}", e.getMessage());
                }
            }
            return byNumber();
        }

        /**
         * The next page of an API without cursors: read downwards until it joins what was taken in, since an order that
         * moves to a lower page meanwhile is met there.
         */
        private Landing byNumber() throws OrderApiException, InterruptedException {
            Landing landing = read(PageRequest.numbered(at.page() + 1));
            if (landing.shown().isEmpty() || landing.shown().firstId() > at.lastId()) {
                Landing before = read(PageRequest.numbered(at.page()));
                if (!before.shown().isEmpty() && before.shown().lastId() == at.lastId()) {
                    return landing;
                }
                return before.shown().spans(at.lastId()) ? before : search();
            }
            return landing.shown().spans(at.lastId()) ? landing : search();
        }

        private void readAgain() throws OrderApiException, SQLException, InterruptedException {
            for (int page = 1; page <= overlap.newestPages(); page++) {
                Landing landing = read(PageRequest.newest(page));
                saveAgain(landing);
                if (landing.shown().last()) {
                    return;
                }
            }
            for (int i = 0; i < overlap.olderPages() && at.page() > 1; i++) {
                saveAgain(read(PageRequest.numbered(session.nextSweepPage(at.page()))));
            }
        }

        /** Only orders up to the progress: one beyond it would make the database look farther along than it is. */
        private void saveAgain(Landing landing) throws SQLException {
            saved = saved.plus(session.saveAgain(landing.shown().orders().stream()
                    .filter(order -> order.id() <= at.lastId())
                    .toList()));
        }

        private Landing read(PageRequest request) throws OrderApiException, InterruptedException {
            OrderPage shown = api.read(store, request);
            pages++;
            return new Landing(request, shown);
        }
    }
}
