package io.tidemark.positions.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.tidemark.core.change.TableId;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoredOrders;
import io.tidemark.testkit.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrdersInDatabaseIT {
    private static final StoreId NATUR = new StoreId("NATUR");
    private static final StoreId PURNA = new StoreId("PURNA");
    private static final StoreId JWLR = new StoreId("JWLR");

    private HikariDataSource database = new HikariDataSource();
    private StoredOrders orders = orders();

    @BeforeEach
    void makeDatabase() throws Exception {
        HikariDataSource made = new HikariDataSource();
        made.setMaximumPoolSize(2);
        made.setJdbcUrl(
                "jdbc:postgresql://127.0.0.1:" + SharedServers.postgres().port() + "/" + SharedServers.newDatabase());
        made.setUsername(SharedServers.postgres().user());
        made.setPassword(SharedServers.postgres().password());
        database = made;
        orders = orders();
        run("create schema tidemark");
        run("create table tidemark.feed_orders (store text, id bigint, primary key (store, id))");
        run(
                "create table tidemark.feed_progress (store text primary key, generation bigint, revision integer, page bigint,"
                        + " \"cursor\" text, first_id bigint, last_id bigint, reached_at timestamptz)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void naturStartsAtPage9070() throws Exception {
        run("insert into tidemark.feed_orders select 'NATUR', g from generate_series(1, 181601) g");
        StoredOrders.Tail tail = orders.tails(List.of(NATUR, JWLR)).get(NATUR);
        assertThat(tail).isEqualTo(new StoredOrders.Tail(181601, 181582, 181601));
        assertThat(PageEstimate.usual().startPage(tail.count())).isEqualTo(9070);
        assertThat(orders.tails(List.of(JWLR))).isEmpty();
    }

    @Test
    void gapsInTheIdsAreNotCountedAsOrders() throws Exception {
        run("insert into tidemark.feed_orders select 'PURNA', 3 * g from generate_series(1, 1000) g");
        assertThat(orders.tails(List.of(PURNA)).get(PURNA)).isEqualTo(new StoredOrders.Tail(1000, 2943, 3000));
        assertThat(orders.countAfter(PURNA, 2943)).isEqualTo(19);
        assertThat(orders.idOfOrder(PURNA, 100)).isEqualTo(300);
        assertThat(orders.idOfOrder(PURNA, 0)).isZero();
        assertThat(orders.idOfOrder(PURNA, 1001)).isZero();
    }

    @Test
    void theProgressOfTheSyncIsReadAsAPosition() throws Exception {
        run("insert into tidemark.feed_progress values ('NATUR', 1, 2, 9070, 'c', 181582, 181601, now())");
        run("insert into tidemark.feed_progress values ('PURNA', 0, 0, 0, null, 5, 4, now())");
        Map<StoreId, Position> progress = orders.progress(List.of(NATUR, PURNA, JWLR));
        assertThat(progress).containsOnlyKeys(NATUR);
        Position position = progress.get(NATUR);
        assertThat(position.page()).isEqualTo(9070);
        assertThat(position.cursor()).contains("c");
        assertThat(position.certainty()).isEqualTo(Certainty.RECORDED);
    }

    @Test
    void beforeTheFirstSyncThereIsNoProgress() throws Exception {
        run("drop table tidemark.feed_progress");
        assertThat(orders.progress(List.of(NATUR))).isEmpty();
    }

    private StoredOrders orders() {
        return new OrdersInDatabase(
                database,
                new TableId("tidemark", "feed_orders"),
                "store",
                "id",
                20,
                new TableId("tidemark", "feed_progress"));
    }

    private void run(String sql) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
