package io.tidemark.positions.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.feed.Buyer;
import io.tidemark.positions.feed.Order;
import io.tidemark.positions.feed.OrderPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageSearchTest {
    private static final int PER_PAGE = 20;

    @Test
    void findsTheShopsOwnCaseNearPage9070InFewCalls() {
        long[] ids = ids(181_601, i -> i + 1);
        assertThat(calls(ids, 181_601, 9_070)).isLessThanOrEqualTo(3);
        assertThat(calls(ids, 181_601, 1)).isLessThanOrEqualTo(3);
        assertThat(calls(ids, 90_000, 9_081)).isLessThanOrEqualTo(4);
    }

    /**
     * Of all feeds and hints. A feed of few pages with a hint that is far off leaves more pages than so few looks can
     * tell apart, whatever the search: with 14 pages left and three looks, half of the pages cannot be found in time. So
     * one in two hundred may take a little longer.
     */
    @Test
    void needsAtMostTwiceTheLogarithmOfThePagesHoweverIdsLie() {
        int longer = 0;
        int all = 0;
        int worst = 0;
        for (int seed = 11; seed < 16; seed++) {
            Random random = new Random(seed);
            for (int orders : new int[] {1, 15, 20, 21, 40, 41, 60, 100, 161, 500, 2_000, 20_000, 181_601}) {
                for (long[] ids : feeds(orders, random)) {
                    int allowed = allowed(ids);
                    for (int attempt = 0; attempt < 60; attempt++) {
                        int calls = calls(ids, attempt, random);
                        assertThat(calls)
                                .as("%d orders from %d to %d, seed %d", orders, ids[0], ids[ids.length - 1], seed)
                                .isLessThanOrEqualTo(allowed + 4);
                        longer += calls > allowed ? 1 : 0;
                        worst = attempt % 4 == 0 ? Math.max(worst, calls) : worst;
                        all++;
                    }
                }
            }
        }
        assertThat(longer).as("of " + all + " searches").isLessThan(all / 200);
        assertThat(worst)
                .as("the worst from a calculated page, which the promise of 20 calls after a loss rests on")
                .isLessThanOrEqualTo(17);
    }

    @Test
    void needsAtMostTwiceTheLogarithmOfThePagesWhereverAHintIsNearTheTruth() {
        Random random = new Random(3);
        for (int orders : new int[] {500, 2_000, 20_000, 181_601}) {
            for (long[] ids : List.of(
                    ids(orders, i -> i + 1L),
                    feeds(orders, random).get(1),
                    ids(orders, i -> 900_000_000L + i),
                    ids(orders, i -> (long) Math.pow(i + 1, 1.7)))) {
                for (int attempt = 0; attempt < 200; attempt++) {
                    int place = random.nextInt(ids.length);
                    long hint = Math.max(1, place / PER_PAGE - 10 + random.nextInt(15));
                    assertThat(calls(ids, ids[place], hint))
                            .as(
                                    "%d orders up to %d, looking for %d, hint %d",
                                    orders, ids[ids.length - 1], ids[place], hint)
                            .isLessThanOrEqualTo(allowed(ids));
                }
            }
        }
    }

    /** A feed of two pages whose last order was deleted once took five looks. */
    @Test
    void findsAnOrderThatIsGoneFromAFeedOfTwoPagesInFourLooks() {
        long[] ids = ids(21, i -> (long) Math.pow(i + 1, 1.7));
        assertThat(ids[20]).isEqualTo(176);
        assertThat(calls(ids, 175, 1)).isLessThanOrEqualTo(4);
    }

    private static int allowed(long[] ids) {
        int pages = (ids.length + PER_PAGE - 1) / PER_PAGE;
        return Math.max(4, (int) Math.floor(2 * Math.log(pages) / Math.log(2)));
    }

    private static int calls(long[] ids, int attempt, Random random) {
        int pages = (ids.length + PER_PAGE - 1) / PER_PAGE;
        int place = attempt == 0 ? ids.length - 1 : random.nextInt(ids.length);
        long hint =
                switch (attempt % 4) {
                    case 0 -> Math.max(1, place / PER_PAGE - 10);
                    case 1 -> 1 + random.nextInt(pages);
                    case 2 -> pages * 3L;
                    default -> 1;
                };
        return calls(ids, attempt % 5 == 4 ? Math.max(1, ids[place] - 1) : ids[place], hint);
    }

    @Test
    void findsAPageThatBeginsAtOrBeforeTheLastOrderThoughPagesMoveMeanwhile() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Long> ids = new ArrayList<>();
            Arrays.stream(ids(5_000, i -> i + 1L + i / 7)).forEach(ids::add);
            long lastId = ids.get(random.nextInt(ids.size()));
            PageSearch search = new PageSearch(lastId, PER_PAGE, 1 + random.nextInt(300));
            OrderPage shown = page(ids, search.page());
            while (!search.isFound(shown)) {
                assertThat(search.looks()).isLessThan(40);
                for (int gone = random.nextInt(60); gone > 0; gone--) {
                    ids.remove(random.nextInt(ids.size()));
                }
                shown = page(ids, search.page());
            }
            assertThat(shown.isEmpty() || shown.firstId() <= lastId || search.page() == 1)
                    .isTrue();
        }
    }

    private static List<long[]> feeds(int orders, Random random) {
        long[] gaps = new long[orders];
        long[] lumps = new long[orders];
        long[] wild = new long[orders];
        for (int i = 0; i < orders; i++) {
            long before = i == 0 ? 0 : gaps[i - 1];
            gaps[i] = before + 1 + random.nextInt(5);
            lumps[i] = (i == 0 ? 0 : lumps[i - 1]) + (random.nextInt(400) == 0 ? 10_000 : 1);
            wild[i] = (i == 0 ? 0 : wild[i - 1]) + 1 + (random.nextInt(50) == 0 ? random.nextInt(100_000) : 0);
        }
        return List.of(
                ids(orders, i -> i + 1L),
                gaps,
                lumps,
                wild,
                ids(orders, i -> i < orders / 2 ? i + 1L : orders * 50L + i * 3L),
                ids(orders, i -> 900_000_000L + i),
                ids(orders, i -> (long) Math.pow(i + 1, 1.7)));
    }

    private static long[] ids(int orders, IntToLongFunction idAt) {
        return IntStream.range(0, orders).mapToLong(idAt).distinct().toArray();
    }

    private static int calls(long[] ids, long lastId, long hint) {
        PageSearch search = new PageSearch(lastId, PER_PAGE, hint);
        List<Long> list = Arrays.stream(ids).boxed().toList();
        while (!search.isFound(page(list, search.page()))) {
            assertThat(search.looks()).isLessThan(100);
        }
        OrderPage found = page(list, search.page());
        assertThat(found.isEmpty() || found.firstId() <= lastId || search.page() == 1)
                .isTrue();
        return search.looks();
    }

    private static OrderPage page(List<Long> ids, long page) {
        int begin = (int) Math.min(ids.size(), (page - 1) * PER_PAGE);
        int end = Math.min(ids.size(), begin + PER_PAGE);
        List<Order> orders = ids.subList(begin, end).stream()
                .map(id -> new Order(id, null, null, new Buyer(null, null, null, null), "[]", null, null, null))
                .toList();
        return new OrderPage(orders, Optional.empty(), end >= ids.size(), PER_PAGE, 0);
    }
}
