package io.tidemark.cli.shop.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.cli.shop.ShopChange;
import io.tidemark.cli.shop.ShopSize;
import io.tidemark.cli.shop.TrafficPlan;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopIT {
    private static final ShopSize SIZE = ShopSize.ofProducts(1_000);

    /** What a table holds, but for the moments at which the traffic wrote it. */
    private static final String CONTENT = """
            select md5(string_agg(row_text, '|' order by row_text)) from (
              select (to_jsonb(p) - 'updated_at' - 'created_at' - 'last_accessed_at')::text from products p
              union all select (to_jsonb(b) - 'created_at')::text from bills b
              union all select to_jsonb(l)::text from bill_lines l
              union all select (to_jsonb(c) - 'updated_at' - 'created_at')::text from customers c
              union all select (to_jsonb(c) - 'updated_at')::text from categories c
              union all select (to_jsonb(e) - 'updated_at')::text from employees e
              union all select to_jsonb(s)::text from shops s) as rows(row_text)""";

    @TempDir
    private Path folder;

    private final List<EmbeddedPostgres> started = new ArrayList<>();
    private final List<String> trouble = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(EmbeddedPostgres::close);
    }

    @Test
    void one_seed_and_one_number_of_changes_give_one_shop() throws Exception {
        String once = shopAfter(2_000, 11, "one");
        String again = shopAfter(2_000, 11, "two");
        assertThat(again).isEqualTo(once);
        assertThat(shopAfter(2_000, 12, "three")).isNotEqualTo(once);
        assertThat(trouble).isEmpty();
    }

    @Test
    void changes_come_at_the_rate_on_several_connections_and_every_bill_adds_up() throws Exception {
        EmbeddedPostgres postgres = filled("rate", 5);
        Traffic traffic = new Traffic(5, SIZE, 400, postgres, trouble::add);
        long start = System.nanoTime();
        traffic.start();
        Await.until("two thousand row changes", Duration.ofSeconds(60)).holds(() -> traffic.written() >= 2_000);
        traffic.stop();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(traffic.written() / seconds).isCloseTo(400, within(80.0));
        assertThat(text(postgres, """
                        select count(*) from bills b where total <> (
                          select coalesce(sum(quantity * unit_price), 0) from bill_lines where bill_id = b.id)""")).isEqualTo("0");
        assertThat(trouble).isEmpty();
    }

    @Test
    void the_shop_goes_on_after_the_database_was_killed() throws Exception {
        EmbeddedPostgres postgres = filled("killed", 6);
        Traffic traffic = new Traffic(6, SIZE, 300, postgres, trouble::add);
        traffic.start();
        Await.until("some changes", Duration.ofSeconds(30)).holds(() -> traffic.written() > 100);
        postgres.kill();
        Await.until("trouble to be told", Duration.ofSeconds(30)).holds(() -> !trouble.isEmpty());
        postgres.start();
        long before = traffic.written();
        Await.until("changes again", Duration.ofSeconds(30)).holds(() -> traffic.written() > before + 100);
        traffic.stop();
        assertThat(trouble).anyMatch(text -> text.contains("writes again"));
    }

    private String shopAfter(int changes, long seed, String name) throws Exception {
        EmbeddedPostgres postgres = filled(name, seed);
        AtomicLong rows = new AtomicLong();
        TrafficPlan plan = new TrafficPlan(seed, SIZE);
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Lane lane = new Lane("lane-" + i, postgres, trouble::add, (change, made) -> rows.addAndGet(made));
            lane.start();
            lanes.add(lane);
        }
        for (int i = 0; i < changes; i++) {
            ShopChange change = plan.next();
            lanes.get(change.shop() % 4).put(change);
        }
        for (Lane lane : lanes) {
            lane.finish();
        }
        assertThat(rows.get()).isGreaterThan(changes);
        return text(postgres, CONTENT);
    }

    private EmbeddedPostgres filled(String name, long seed) throws InterruptedException {
        EmbeddedPostgres postgres =
                new EmbeddedPostgres(PostgresSettings.in(folder.resolve(name)).notDurable());
        started.add(postgres);
        postgres.start();
        long rows = new ShopLoader(postgres, seed, SIZE, written -> {}).load();
        assertThat(rows).isGreaterThan(SIZE.rowsWithoutLines());
        return postgres;
    }

    private static String text(EmbeddedPostgres postgres, String query) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }
}
