package io.tidemark.positions.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.positions.position.StoreId;
import org.junit.jupiter.api.Test;

/** What every order API keeps to, the one over HTTP and the one in memory. The store has orders 1 to 95 without gaps. */
abstract class OrderApiContract {
    static final StoreId STORE = new StoreId("NATUR");
    static final int ORDERS = 95;

    abstract OrderApi api();

    abstract void delete(int id);

    abstract void add(int howMany);

    @Test
    void answersAscendingIdsInBothDirections() throws Exception {
        assertThat(api().read(STORE, PageRequest.numbered(2)).orders())
                .extracting(Order::id)
                .startsWith(21L)
                .endsWith(40L);
        OrderPage newest = api().read(STORE, PageRequest.newest(1));
        assertThat(newest.firstId()).isEqualTo(76);
        assertThat(newest.lastId()).isEqualTo(95);
    }

    @Test
    void saysWhichPageIsTheLastAndAnswersAnEmptyPageBeyondIt() throws Exception {
        OrderPage last = api().read(STORE, PageRequest.numbered(5));
        assertThat(last.orders()).hasSize(15);
        assertThat(last.last()).isTrue();
        assertThat(last.nextCursor()).isEmpty();
        assertThat(api().read(STORE, PageRequest.numbered(4)).last()).isFalse();
        OrderPage beyond = api().read(STORE, PageRequest.numbered(6));
        assertThat(beyond.isEmpty()).isTrue();
        assertThat(beyond.last()).isTrue();
    }

    @Test
    void goesOnFromACursorWhateverIsDeletedMeanwhile() throws Exception {
        String cursor = api().read(STORE, PageRequest.numbered(1)).nextCursor().orElseThrow();
        delete(3);
        delete(20);
        OrderPage next = api().read(STORE, PageRequest.onwards(cursor));
        assertThat(next.firstId()).isLessThanOrEqualTo(21);
        assertThat(next.spans(21)).isTrue();
    }

    @Test
    void showsNewOrdersToACursorThatLedToTheEnd() throws Exception {
        String cursor = api().read(STORE, PageRequest.numbered(4)).nextCursor().orElseThrow();
        assertThat(api().read(STORE, PageRequest.onwards(cursor)).lastId()).isEqualTo(95);
        add(2);
        assertThat(api().read(STORE, PageRequest.onwards(cursor)).lastId()).isEqualTo(97);
    }

    @Test
    void refusesAStoreWithoutAValidTokenAsThatStoresOwnMatter() {
        assertThatThrownBy(() -> api().read(new StoreId("OTHER"), PageRequest.numbered(1)))
                .isInstanceOf(OrderApiException.Forbidden.class)
                .hasMessageContaining("store OTHER");
    }
}
